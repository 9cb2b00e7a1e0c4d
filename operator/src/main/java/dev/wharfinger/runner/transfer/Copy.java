package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A table's rows in a temporary table, each with its row id in the source. */
final class Copy {
  static final String ROW = "wharfinger_row";

  private static final Pattern LINE =
      Pattern.compile(", line (\\d+)(?:, column (.+?))?(?=:|$|\\n)");

  final TableMapping table;

  /** Whether no row was left out. */
  boolean complete;

  private final Connection connection;
  private final SourceDatabase source;
  private final String name;

  Copy(Connection connection, SourceDatabase source, TableMapping table, int number) {
    this.connection = connection;
    this.source = source;
    this.table = table;
    this.name = "wharfinger_copy_" + number;
  }

  String sql() {
    return "pg_temp." + name;
  }

  /** Brings the rows over; what a domain does not take becomes a finding and stays away. */
  void fill(Findings findings, LongConsumer rowDone) throws Exception {
    Sql.run(
        connection,
        "CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT 0::bigint AS %s, %s FROM %s WITH NO DATA"
            .formatted(name, ROW, columns(), table.target.sql()));
    Set<Long> without = new HashSet<>();
    Sql.run(connection, "SAVEPOINT copy");
    for (int i = 0; i <= Findings.MAX_ROWS; i++) {
      long[] sent = {0};
      try {
        new CopyChannel(connection)
            .send(
                table,
                "%s (%s, %s)".formatted(sql(), ROW, table.targetColumns()),
                new RowPump(source, rowDone).numbered(without, row -> sent[0]++));
        complete = without.isEmpty() && sent[0] == table.moved();
        break;
      } catch (PSQLException e) {
        Sql.run(connection, "ROLLBACK TO SAVEPOINT copy");
        without.add(refused(e, without, findings));
      }
    }
    Sql.run(connection, "RELEASE SAVEPOINT copy; ANALYZE " + sql());
  }

  /**
   * Gives the room back. A table that is truncated where it was made, outside any savepoint, loses
   * its file at once; one that is dropped keeps it to the end of the transaction.
   */
  void free() throws SQLException {
    Sql.run(connection, "TRUNCATE " + sql());
  }

  /**
   * Throws what has nothing to do with the question: it may be about a column that the copy has
   * not, or an expression may end in an error of its own, which the load will meet.
   */
  static void unanswerable(SQLException e) throws SQLException {
    if (!ServerErrors.lasting(e)) {
      throw e;
    }
  }

  private String columns() {
    return table.columns.stream()
        .map(column -> {
          String target = Quoting.name(column.target.name());
          return column.readByServer() ? "''::text AS " + target : target;
        })
        .collect(Collectors.joining(", "));
  }

  private long refused(PSQLException error, Set<Long> without, Findings findings) throws Exception {
    ServerErrorMessage server = error.getServerErrorMessage();
    Matcher line = LINE.matcher(String.valueOf(server == null ? "" : server.getWhere()));
    if (!line.find() || !Rehearsal.explains(error)) {
      throw error;
    }
    long row = sentAs(Long.parseLong(line.group(1)), without);
    String column = line.group(2) == null ? "" : line.group(2);
    String source = table.byTarget(column).map(c -> c.source.name()).orElse(column);
    findings.add(
        table.source.name(), source, ServerErrors.rule(String.valueOf(error.getSQLState())), row);
    return row;
  }

  /** The row that was sent in this place; found by encoding all once more, so none is kept. */
  private long sentAs(long place, Set<Long> without) throws Exception {
    long[] sent = {0, 0};
    new RowPump(source, row -> {})
        .numbered(
            without,
            row -> {
              sent[0]++;
              sent[1] = sent[0] == place ? row : sent[1];
            })
        .copy(table, (data, length) -> {});
    return sent[1];
  }

  /**
   * Adds the rows that a query gives.
   *
   * @param query gives {@link #ROW} of each row that is in the way
   */
  void find(String query, Findings findings, String rule, String column, String detail)
      throws SQLException {
    Sql.run(connection, "SAVEPOINT find");
    try {
      long count = Sql.number(connection, "SELECT count(*) FROM (" + query + ") x");
      if (count > 0) {
        List<Long> rows = new ArrayList<>();
        Sql.each(
            connection,
            query + " ORDER BY 1 LIMIT " + Findings.MAX_ROWS,
            row -> rows.add(row.getLong(1)));
        findings.addAll(table.source.name(), column, rule, count, rows, detail);
      }
      Sql.run(connection, "RELEASE SAVEPOINT find");
    } catch (SQLException e) {
      Sql.run(connection, "ROLLBACK TO SAVEPOINT find; RELEASE SAVEPOINT find");
      unanswerable(e);
    }
  }
}
