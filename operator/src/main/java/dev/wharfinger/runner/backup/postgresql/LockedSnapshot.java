package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A snapshot of all tables, each locked before the snapshot was taken. TRUNCATE and an ALTER that
 * rewrites do not heed snapshots: without the locks a table that is emptied a moment later would be
 * empty in the dump.
 */
final class LockedSnapshot implements AutoCloseable {
  private static final int TRIES = 5;
  private static final int AT_ONCE = 500;
  private static final Duration BUDGET = Duration.ofSeconds(30);

  /**
   * How long a lock is waited for with others in hand: whoever wants to alter those waits for us,
   * and everybody else waits for him. Less than the second after which the server looks for
   * deadlocks, so that a migration never ends in one.
   */
  private static final String SHORTLY = "SET lock_timeout = '500ms'";

  /** The lock was not to be had in time, or we would have waited for each other. */
  private static final Set<String> BUSY = Set.of("55P03", "40P01");

  /** A table or its schema was dropped meanwhile. */
  private static final Set<String> GONE = Set.of("42P01", "3F000");

  /** Tables with rows of their own, which the dump has; those of extensions are theirs. */
  private static final String TABLES =
      """
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
          AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2\
      """;

  /** A table and how many rows it has in the snapshot. */
  record Table(String schema, String name) implements Comparable<Table> {
    String sql() {
      return Quoting.name(schema) + "." + Quoting.name(name);
    }

    @Override
    public int compareTo(Table other) {
      int first = schema.compareTo(other.schema);
      return first != 0 ? first : name.compareTo(other.name);
    }
  }

  private final Connection connection;
  private final String name;
  private final Instant instant;
  private final List<Table> tables;

  private LockedSnapshot(Connection connection, String name, Instant instant, List<Table> tables) {
    this.connection = connection;
    this.name = name;
    this.instant = instant;
    this.tables = tables;
  }

  /**
   * Locks all tables and takes the snapshot.
   *
   * @throws BackupException {@code tables-change}, where tables are made faster than they are
   *     locked; {@code lock-timeout}, where somebody keeps a table to himself
   */
  static LockedSnapshot take(PostgresUrl url) throws SQLException, BackupException {
    Connection connection = url.connect();
    try {
      // It waits for the dump, however long that takes; and rows that policies hide are an error.
      Sql.run(connection, "SET idle_in_transaction_session_timeout = 0");
      Sql.run(connection, "SET statement_timeout = 0");
      Sql.run(connection, "SET row_security = off");
      Sql.run(connection, SHORTLY);
      Instant deadline = Instant.now().plus(BUDGET);
      int attempt = 0;
      while (attempt < TRIES) {
        List<Table> before = tables(connection);
        Sql.run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        String state = lock(connection, before);
        if (!state.isEmpty()) {
          // Those who waited for us come first now.
          Sql.run(connection, "ROLLBACK");
          if (GONE.contains(state)) {
            attempt++;
          } else if (Instant.now().isAfter(deadline)) {
            throw BackupException.failed(
                "lock-timeout",
                "somebody kept a table to himself for %d s, as a migration does; try again"
                    .formatted(BUDGET.toSeconds()));
          }
          continue;
        }
        String name = Sql.text(connection, "SELECT pg_export_snapshot()");
        Instant instant = Instant.now();
        if (new TreeSet<>(before).equals(new TreeSet<>(tables(connection)))) {
          // Counting needs those of indexes too, which somebody may rebuild.
          Sql.run(connection, "SET LOCAL lock_timeout = '30s'");
          return new LockedSnapshot(connection, name, instant, before);
        }
        Sql.run(connection, "ROLLBACK");
        attempt++;
      }
      throw BackupException.failed(
          "tables-change", "tables were made or dropped each time before they could be locked");
    } catch (SQLException | BackupException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static List<Table> tables(Connection connection) throws SQLException {
    List<Table> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        all.add(new Table(rows.getString(1), rows.getString(2)));
      }
    }
    return all;
  }

  /** Gives the SQLSTATE that kept us from it; empty where all are locked. */
  private static String lock(Connection connection, List<Table> tables) throws SQLException {
    for (int from = 0; from < tables.size(); from += AT_ONCE) {
      List<String> some =
          tables.subList(from, Math.min(tables.size(), from + AT_ONCE)).stream()
              .map(table -> "ONLY " + table.sql())
              .toList();
      // LOCK takes no snapshot, so that of this transaction comes after all of them.
      try {
        Sql.run(connection, "LOCK TABLE " + String.join(", ", some) + " IN ACCESS SHARE MODE");
      } catch (SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (GONE.contains(state) || BUSY.contains(state)) {
          return state;
        }
        throw e;
      }
    }
    return "";
  }

  /** The name by which pg_dump finds it. */
  String name() {
    return name;
  }

  /** When it was taken. */
  Instant instant() {
    return instant;
  }

  /** The tables in it. */
  List<Table> tables() {
    return tables;
  }

  /** The session that holds it. */
  Connection connection() {
    return connection;
  }

  /**
   * Counts the rows of a table as they are in the snapshot.
   *
   * @throws SQLException where that cannot be told
   */
  long rows(Table table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM ONLY " + table.sql())) {
      if (!row.next() || row.getString(1) == null) {
        throw new SQLException("the server does not say how many rows " + table.sql() + " has");
      }
      return row.getLong(1);
    }
  }

  /** Gives the locks back before it returns; the end of a session comes some time later. */
  @Override
  public void close() throws SQLException {
    try (connection) {
      Sql.run(connection, "ROLLBACK");
    }
  }
}
