package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Memory;
import dev.wharfinger.runner.transfer.RefusedException;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds rows of PostgreSQL of which Java cannot have as many copies as it needs. The server is
 * asked for lengths alone.
 */
record BackSizes(SourceSnapshot source, Findings findings) {
  /** More than a value can have been compressed. */
  private static final long RATIO = 256;

  private static final long MOST_COPIES = 30;

  /** Types whose length the server knows without reading the value. */
  private static final Set<String> LENGTH_KNOWN =
      Set.of("text", "varchar", "bpchar", "citext", "bytea");

  private static final Set<String> SHORT =
      Set.of(
          "bool",
          "int2",
          "int4",
          "int8",
          "float4",
          "float8",
          "date",
          "time",
          "timetz",
          "timestamp",
          "timestamptz",
          "interval",
          "uuid",
          "enum",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "money");

  /** Ends the move where there is such a row: it could not even be looked at. */
  void require(List<BackTable> tables) throws SQLException, RefusedException {
    boolean found = false;
    for (BackTable table : tables) {
      found |= find(table);
    }
    if (found) {
      throw new RefusedException("PostgreSQL has rows that are too large; see the findings");
    }
  }

  private boolean find(BackTable table) throws SQLException {
    List<BackColumn> columns =
        table.columns.stream().filter(column -> !SHORT.contains(column.postgres.type())).toList();
    // Such a row's values are not in the table itself, which has pages of 8 KiB.
    if (columns.isEmpty() || aside(table) * RATIO * MOST_COPIES < Memory.forOneRow()) {
      return false;
    }
    String copies =
        join(columns, " + ", column -> copies(column) + " * " + bytes(column, columns.size()));
    Map<String, Long> largest = new HashMap<>();
    Sql.each(
        source.connection(),
        "SELECT ctid, %s FROM %s WHERE %s > %d ORDER BY ctid"
            .formatted(
                join(columns, ", ", column -> bytes(column, columns.size())),
                table.postgres.sql(),
                copies,
                Memory.forOneRow()),
        row -> add(table, columns, row, largest));
    return !largest.isEmpty();
  }

  private void add(
      BackTable table, List<BackColumn> columns, ResultSet row, Map<String, Long> largest)
      throws SQLException {
    long all = 0;
    long together = 0;
    long most = -1;
    String widest = "";
    for (int i = 0; i < columns.size(); i++) {
      long bytes = row.getLong(i + 2);
      all += bytes;
      together += bytes * copies(columns.get(i));
      if (bytes > most) {
        most = bytes;
        widest = columns.get(i).sqlite.name();
      }
    }
    String[] ctid = row.getString(1).split("[(,)]");
    long place = Long.parseLong(ctid[1]) << 16 | Long.parseLong(ctid[2]);
    boolean more = all > largest.getOrDefault(widest, 0L);
    findings.add(table.sqlite.name(), widest, "row-too-large-for-memory", place);
    if (more) {
      largest.put(widest, all);
      findings.explain(
          table.sqlite.name(), widest, "row-too-large-for-memory", Memory.explain(all, together));
    }
  }

  /** Bytes of what the table has beside its own pages. */
  private long aside(BackTable table) throws SQLException {
    return Sql.number(
        source.connection(),
        "SELECT coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0) FROM pg_class WHERE oid = "
            + Sql.literal(table.postgres.sql())
            + "::regclass");
  }

  private static long copies(BackColumn column) {
    return Memory.copiesBack(column.postgres.type());
  }

  /** Bytes of a value as it is sent, as SQL; those of a text are known without reading it. */
  private static String bytes(BackColumn column, int columns) {
    String name = Quoting.name(column.postgres.name());
    if (LENGTH_KNOWN.contains(column.postgres.type())) {
      String value = column.postgres.type().equals("citext") ? name + "::text" : name;
      return "coalesce(octet_length(" + value + "), 0)::bigint";
    }
    return "CASE WHEN pg_column_size(%1$s) > %2$d THEN octet_length(%1$s::text) ELSE 0 END::bigint"
        .formatted(name, Memory.forOneRow() / copies(column) / columns / RATIO);
  }

  private static String join(
      List<BackColumn> columns, String between, Function<BackColumn, String> sql) {
    return columns.stream().map(sql).collect(Collectors.joining(between));
  }
}
