package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.TargetTable.TargetColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target's catalogue: tables and columns, foreign keys, indexes and sequences of schema {@code
 * public}.
 */
final class Target {
  static final String SCHEMA = "public";

  private final Connection connection;

  Target(Connection connection) {
    this.connection = connection;
  }

  /** A foreign key or an index that is dropped for the load and made again. */
  record Definition(String table, String name, String sql) {}

  /** A foreign key by columns. */
  record ForeignKey(
      String name, String table, List<String> columns, String parent, List<String> parentColumns) {}

  /** A sequence that gives a column its values. */
  record Sequence(String name, String table, String column) {}

  List<TargetTable> tables() throws SQLException {
    record Row(long oid, String table, TargetColumn column) {}
    List<Row> rows =
        Sql.list(
            connection,
            """
            SELECT c.oid, c.relname, a.attname, coalesce(b.typname, t.typname),
                   CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END,
                   a.attnotnull OR t.typnotnull, a.attgenerated <> '',
                   a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL,
                   (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e
                     WHERE e.enumtypid = coalesce(b.oid, t.oid))
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_catalog.pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
             WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND NOT c.relispartition
             ORDER BY c.relname, a.attnum
            """,
            rs -> {
              java.sql.Array labels = rs.getArray(9);
              return new Row(
                  rs.getLong(1),
                  rs.getString(2),
                  new TargetColumn(
                      rs.getString(3),
                      rs.getString(4),
                      rs.getInt(5),
                      rs.getBoolean(6),
                      rs.getBoolean(7),
                      rs.getBoolean(8),
                      labels == null ? List.of() : List.of((String[]) labels.getArray())));
            },
            SCHEMA);
    Map<String, TargetTable> tables = new LinkedHashMap<>();
    for (Row row : rows) {
      tables
          .computeIfAbsent(row.table(), name -> new TargetTable(row.oid(), name, new ArrayList<>()))
          .columns()
          .add(row.column());
    }
    return List.copyOf(tables.values());
  }

  List<Definition> foreignKeys() throws SQLException {
    return Sql.list(
        connection,
        """
        SELECT c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid)
          FROM pg_catalog.pg_constraint k
          JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE k.contype = 'f' AND n.nspname = ? AND k.conparentid = 0 ORDER BY 1, 2
        """,
        rs -> new Definition(rs.getString(1), rs.getString(2), rs.getString(3)),
        SCHEMA);
  }

  List<ForeignKey> foreignKeyColumns() throws SQLException {
    return Sql.list(
        connection,
        """
        SELECT k.conname, c.relname, p.relname,
               (SELECT array_agg(a.attname::text ORDER BY u.i) FROM unnest(k.conkey) WITH ORDINALITY u(n, i)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n),
               (SELECT array_agg(a.attname::text ORDER BY u.i) FROM unnest(k.confkey) WITH ORDINALITY u(n, i)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n)
          FROM pg_catalog.pg_constraint k
          JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
          JOIN pg_catalog.pg_class p ON p.oid = k.confrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE k.contype = 'f' AND n.nspname = ? AND k.conparentid = 0
        """,
        rs ->
            new ForeignKey(
                rs.getString(1),
                rs.getString(2),
                List.of((String[]) rs.getArray(4).getArray()),
                rs.getString(3),
                List.of((String[]) rs.getArray(5).getArray())),
        SCHEMA);
  }

  /** Indexes that belong to no constraint. */
  List<Definition> indexes() throws SQLException {
    return Sql.list(
        connection,
        """
        SELECT c.relname, i.relname, pg_catalog.pg_get_indexdef(x.indexrelid)
          FROM pg_catalog.pg_index x
          JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
          JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = ? AND c.relkind = 'r' AND NOT i.relispartition
           AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid)
         ORDER BY 1, 2
        """,
        rs -> new Definition(rs.getString(1), rs.getString(2), rs.getString(3)),
        SCHEMA);
  }

  /** Sequences of serial and identity columns. */
  List<Sequence> sequences() throws SQLException {
    return Sql.list(
        connection,
        """
        SELECT s.relname, c.relname, a.attname
          FROM pg_catalog.pg_class s
          JOIN pg_catalog.pg_depend d ON d.objid = s.oid AND d.classid = 'pg_catalog.pg_class'::regclass
           AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
          JOIN pg_catalog.pg_class c ON c.oid = d.refobjid
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE s.relkind = 'S' AND n.nspname = ? ORDER BY 1
        """,
        rs -> new Sequence(rs.getString(1), rs.getString(2), rs.getString(3)),
        SCHEMA);
  }

  long count(String table) throws SQLException {
    return Sql.list(connection, "SELECT count(*) FROM " + qualified(table), rs -> rs.getLong(1))
        .getFirst();
  }

  List<String> rowsAsText(String table, List<String> columns) throws SQLException {
    return Sql.list(
        connection,
        "SELECT " + Sql.quoteAll(columns) + " FROM " + qualified(table),
        rs -> {
          StringBuilder row = new StringBuilder();
          for (int i = 1; i <= columns.size(); i++) {
            row.append(rs.getString(i)).append('|');
          }
          return row.toString();
        });
  }

  static String qualified(String table) {
    return SCHEMA + "." + Sql.quote(table);
  }
}
