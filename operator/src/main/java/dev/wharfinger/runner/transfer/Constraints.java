package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the unique indexes, the checks and the index rows of a target table say to a copy of it. */
final class Constraints {
  /** What a B-tree takes in one row, where it cannot be compressed. */
  private static final int INDEX_ROW = 2704;

  private record Index(
      String name,
      boolean unique,
      boolean nullsDistinct,
      String parts,
      String where,
      String bytes) {}

  private final Connection connection;
  private final Copy copy;
  private final Findings findings;

  Constraints(Connection connection, Copy copy, Findings findings) {
    this.connection = connection;
    this.copy = copy;
    this.findings = findings;
  }

  void check() throws SQLException {
    for (Index index : indexes()) {
      if (index.unique()) {
        unique(index);
      }
      size(index);
    }
    for (String[] check : checks()) {
      copy.find(
          "SELECT %s FROM %s WHERE NOT (%s)".formatted(Copy.ROW, copy.sql(), check[1]),
          findings,
          "check-violated",
          check[2],
          check[0]);
    }
  }

  private void unique(Index index) throws SQLException {
    String nulls = index.nullsDistinct() ? " AND ROW(%s) IS NOT NULL".formatted(index.parts()) : "";
    copy.find(
        "SELECT %1$s FROM (SELECT %1$s, count(*) OVER (PARTITION BY %2$s) AS n FROM %3$s WHERE %4$s%5$s) d"
                .formatted(Copy.ROW, index.parts(), copy.sql(), index.where(), nulls)
            + " WHERE n > 1",
        findings,
        "duplicate-key",
        index.parts(),
        index.name());
  }

  /** Only an index itself knows how well its rows can be compressed, so one is made. */
  private void size(Index index) throws SQLException {
    Sql.run(connection, "SAVEPOINT size");
    try {
      Sql.run(
          connection,
          "CREATE INDEX ON %s (%s) WHERE %s".formatted(copy.sql(), index.parts(), index.where()));
      Sql.run(connection, "ROLLBACK TO SAVEPOINT size");
    } catch (SQLException e) {
      Sql.run(connection, "ROLLBACK TO SAVEPOINT size");
      if ("54000".equals(e.getSQLState())) {
        copy.find(
            "SELECT %s FROM %s WHERE (%s) AND %s > %d"
                .formatted(Copy.ROW, copy.sql(), index.where(), index.bytes(), INDEX_ROW),
            findings,
            "index-row-too-large",
            index.parts(),
            index.name());
      } else {
        Copy.unanswerable(e);
      }
    }
  }

  private List<Index> indexes() throws SQLException {
    List<Index> indexes = new ArrayList<>();
    Sql.each(
        connection,
        """
        SELECT i.indexrelid::regclass::text, i.indisunique,
               NOT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
               string_agg(pg_get_indexdef(i.indexrelid, n, true), ', ' ORDER BY n),
               coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'),
               string_agg(format('coalesce(octet_length((%%s)::text), 0)',
                                 pg_get_indexdef(i.indexrelid, n, true)), ' + ')
        FROM pg_index i
        JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree',
        generate_series(1, i.indnkeyatts) n
        WHERE i.indrelid = %s::regclass
        GROUP BY i.indexrelid, i.indisunique, i.indpred, i.indrelid, to_jsonb(i) ORDER BY 1\
        """
            .formatted(Sql.literal(copy.table.target.sql())),
        row ->
            indexes.add(
                new Index(
                    row.getString(1),
                    row.getBoolean(2),
                    row.getBoolean(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6))));
    return indexes;
  }

  private List<String[]> checks() throws SQLException {
    List<String[]> checks = new ArrayList<>();
    Sql.each(
        connection,
        "SELECT conname, pg_get_expr(conbin, conrelid), coalesce((SELECT"
            + " string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute"
            + " WHERE attrelid = conrelid AND attnum = ANY (conkey)), '')"
            + " FROM pg_constraint WHERE contype = 'c' AND"
            + " convalidated AND conrelid = %s::regclass ORDER BY 1"
                .formatted(Sql.literal(copy.table.target.sql())),
        row -> checks.add(new String[] {row.getString(1), row.getString(2), row.getString(3)}));
    return checks;
  }
}
