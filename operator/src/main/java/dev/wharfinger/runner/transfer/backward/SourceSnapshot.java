package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The source at one moment. Its transaction cannot write. Unless this is a dry run it keeps every
 * writer away from the tables until it is closed, so that nothing is written to what was moved.
 */
final class SourceSnapshot implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofSeconds(5);

  private final Connection connection;
  private final TargetCatalog catalog;

  private SourceSnapshot(Connection connection, TargetCatalog catalog) {
    this.connection = connection;
    this.catalog = catalog;
  }

  /** Begins the transaction; {@code connection} is closed with the snapshot. */
  static SourceSnapshot open(Connection connection, boolean lock) throws SQLException {
    List<TargetTable> tables = lock ? TargetCatalog.read(connection).tables() : List.of();
    connection.setAutoCommit(false);
    Sql.run(
        connection,
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
            + " SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s';"
            + " SET LOCAL idle_in_transaction_session_timeout = 0;"
            // The file's texts are read again as the way forward read them.
            + Sql.SPELLINGS
            // Rows that a policy hides from the role are an error, not left out.
            + " SET LOCAL row_security = off;"
            // Rows come in the order in which they were written, and so do SQLite's row ids.
            + " SET LOCAL synchronize_seqscans = off;"
            // A move that was cut off must not keep writers away for hours.
            + " SET LOCAL tcp_keepalives_idle = 20; SET LOCAL tcp_keepalives_interval = 10;"
            + " SET LOCAL tcp_keepalives_count = 3");
    if (!tables.isEmpty()) {
      // Before the first query, which fixes the moment: nobody writes after it.
      Sql.run(
          connection,
          "LOCK TABLE "
              + String.join(", ", tables.stream().map(TargetTable::sql).toList())
              + " IN SHARE MODE");
    }
    TargetCatalog catalog = TargetCatalog.read(connection);
    if (lock && !names(catalog.tables()).equals(names(tables))) {
      throw new SQLException("tables were made or dropped meanwhile");
    }
    return new SourceSnapshot(connection, catalog);
  }

  private static Set<String> names(List<TargetTable> tables) {
    Set<String> names = new HashSet<>();
    tables.forEach(table -> names.add(table.name()));
    return names;
  }

  /** Sessions of the same role in the same database, without this one. */
  static long otherSessions(Connection connection) throws SQLException {
    return Sql.number(
        connection,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND usename = current_user AND pid <> pg_backend_pid()"
            + " AND backend_type = 'client backend'");
  }

  /** The same a moment later if need be: a server ends a session after its client has gone. */
  static long remainingSessions(Connection connection) throws SQLException {
    long end = System.nanoTime() + MOMENT.toNanos();
    long others = otherSessions(connection);
    while (others > 0 && System.nanoTime() < end) {
      // Within a transaction the server says again what it said first, unless it is told to forget.
      Sql.run(connection, "SELECT pg_sleep(0.05), pg_stat_clear_snapshot()");
      others = otherSessions(connection);
    }
    return others;
  }

  Connection connection() {
    return connection;
  }

  TargetCatalog catalog() {
    return catalog;
  }

  long count(TargetTable table) throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM " + table.sql());
  }

  /** Whether a view has this name. */
  boolean isView(String name) throws SQLException {
    return Sql.number(
            connection,
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.relkind IN ('v', 'm') AND n.nspname = "
                + Sql.literal(catalog.schema())
                + " AND lower(c.relname) = lower("
                + Sql.literal(name)
                + ")")
        > 0;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
