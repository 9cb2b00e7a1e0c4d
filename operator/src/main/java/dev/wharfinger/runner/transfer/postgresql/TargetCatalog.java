package dev.wharfinger.runner.transfer.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target's schema, read in one query per kind of object.
 *
 * @param schema the first schema of the search path
 * @param tables ordinary tables of that schema
 * @param foreignKeys keys that start at or lead to one of the tables
 * @param sequences columns that take numbers from a sequence
 * @param unusual tables that are more or less than one table of rows, with the reason
 */
public record TargetCatalog(
    String schema,
    List<TargetTable> tables,
    List<TargetForeignKey> foreignKeys,
    List<TargetSequence> sequences,
    Map<String, String> unusual) {

  /** Reads the catalogue of the connection's database. */
  public static TargetCatalog read(Connection connection) throws SQLException {
    String schema = Sql.text(connection, "SELECT current_schema()");
    if (schema.isEmpty()) {
      throw new SQLException("no schema of the target's search path exists");
    }
    return new TargetCatalog(
        schema,
        tables(connection, schema),
        foreignKeys(connection, schema),
        sequences(connection),
        UnusualTables.read(connection, schema));
  }

  /** Whether there is no table at all. */
  public boolean empty() {
    return tables.isEmpty() && unusual.isEmpty();
  }

  private static List<TargetTable> tables(Connection connection, String schema)
      throws SQLException {
    Map<Long, List<String>> labels = new HashMap<>();
    Sql.each(
        connection,
        "SELECT enumtypid, array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_enum GROUP BY 1",
        row -> labels.put(row.getLong(1), Arrays.asList((String[]) row.getArray(2).getArray())));
    Map<String, TargetTable> tables = new LinkedHashMap<>();
    Sql.each(
        connection,
        """
        WITH RECURSIVE base(typ, oid, typmod, required) AS (
          SELECT oid, oid, -1, typnotnull FROM pg_type WHERE typtype <> 'd'
          UNION ALL
          SELECT d.oid, b.oid, CASE WHEN d.typtypmod >= 0 THEN d.typtypmod ELSE b.typmod END,
                 b.required OR d.typnotnull
          FROM pg_type d JOIN base b ON d.typbasetype = b.typ WHERE d.typtype = 'd')
        SELECT c.relname, a.attname,
               CASE WHEN e.oid IS NULL THEN %2$s ELSE 'array:' || %3$s END,
               format('%%I.%%I', tn.nspname, t.typname), coalesce(e.oid, t.oid), coalesce(e.oid, 0),
               CASE WHEN coalesce(e.oid, t.oid) = 'money'::regtype
                    THEN (19 << 16 | scale(1::money::numeric)) + 4
                    WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE b.typmod END AS typmod,
               format_type(a.atttypid, a.atttypmod), a.attnotnull OR b.required, a.attgenerated <> '',
               a.attidentity <> '' OR a.atthasdef
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = %1$s
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN base b ON b.typ = a.atttypid
        LEFT JOIN pg_type t ON t.oid = b.oid
        LEFT JOIN pg_namespace tn ON tn.oid = t.typnamespace
        LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
        LEFT JOIN pg_namespace en ON en.oid = e.typnamespace
        WHERE c.relkind = 'r'
          AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relname, a.attnum\
        """
            .formatted(Sql.literal(schema), type("t", "tn"), type("e", "en")),
        row -> {
          TargetTable table =
              tables.computeIfAbsent(
                  row.getString(1), name -> new TargetTable(schema, name, new ArrayList<>()));
          if (row.getString(2) != null) {
            table
                .columns()
                .add(
                    new TargetColumn(
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getInt(6),
                        row.getInt(7),
                        row.getString(8),
                        row.getBoolean(9),
                        row.getBoolean(10),
                        row.getBoolean(11),
                        labels.getOrDefault(row.getLong(5), List.of())));
          }
        });
    return List.copyOf(tables.values());
  }

  /** A type's name as the encoders know it: only PostgreSQL's own, and a few extensions'. */
  private static String type(String type, String schema) {
    return ("CASE WHEN %1$s.typtype = 'e' THEN 'enum'"
            + " WHEN %2$s.nspname = 'pg_catalog' OR %1$s.typname IN ('citext', 'hstore', 'ltree')"
            + " THEN %1$s.typname ELSE %2$s.nspname || '.' || %1$s.typname END")
        .formatted(type, schema);
  }

  private static List<TargetForeignKey> foreignKeys(Connection connection, String schema)
      throws SQLException {
    List<TargetForeignKey> keys = new ArrayList<>();
    Sql.each(
        connection,
        """
        SELECT k.conname, c.relname, p.relname,
          (SELECT array_agg(a.attname::text ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY u(c, n)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.c),
          (SELECT array_agg(a.attname::text ORDER BY u.n) FROM unnest(k.confkey) WITH ORDINALITY u(c, n)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.c),
          pn.nspname
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_class p ON p.oid = k.confrelid
        JOIN pg_namespace pn ON pn.oid = p.relnamespace
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = %s
        WHERE k.contype = 'f' ORDER BY 2, 1\
        """
            .formatted(Sql.literal(schema)),
        row ->
            keys.add(
                new TargetForeignKey(
                    row.getString(1),
                    row.getString(2),
                    Arrays.asList((String[]) row.getArray(4).getArray()),
                    row.getString(6),
                    row.getString(3),
                    Arrays.asList((String[]) row.getArray(5).getArray()))));
    return keys;
  }

  /** Owned sequences (serial, identity) and those that a default alone refers to. */
  public static List<TargetSequence> sequences(Connection connection) throws SQLException {
    List<TargetSequence> sequences = new ArrayList<>();
    Sql.each(
        connection,
        """
        SELECT DISTINCT format('%I.%I', sn.nspname, s.relname), c.relname, a.attname, q.seqincrement,
          q.seqmax
        FROM (
          SELECT objid AS seq, refobjid AS rel, refobjsubid AS num FROM pg_depend
          WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
            AND deptype IN ('a', 'i') AND refobjsubid > 0
          UNION
          SELECT d.refobjid, f.adrelid, f.adnum FROM pg_depend d
          JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
          WHERE d.refclassid = 'pg_class'::regclass) x
        JOIN pg_class s ON s.oid = x.seq AND s.relkind = 'S'
        JOIN pg_namespace sn ON sn.oid = s.relnamespace
        JOIN pg_sequence q ON q.seqrelid = s.oid
        JOIN pg_class c ON c.oid = x.rel AND c.relkind = 'r'
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.num
        ORDER BY 1, 2, 3\
        """,
        row ->
            sequences.add(
                new TargetSequence(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getLong(5))));
    return sequences;
  }
}
