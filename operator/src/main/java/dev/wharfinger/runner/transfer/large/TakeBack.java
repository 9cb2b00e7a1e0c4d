package dev.wharfinger.runner.transfer.large;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;

/**
 * Takes back, in one transaction, what an unfinished transfer has done to the target. Rows that had
 * given way to its own come back.
 */
public final class TakeBack {
  private TakeBack() {}

  /**
   * Lets an operation never commit, and takes back what it has done up to now.
   *
   * @return the outcome that it has now, or had before; empty where that is not known
   */
  public static String abort(Connection connection, UUID operation) throws SQLException {
    begin(connection);
    try {
      Ledger.lock(connection);
      boolean aborted = Marker.insert(connection, operation, Marker.ABORTED, "", "{}");
      if (aborted || Marker.outcome(connection, operation).orElse("").equals(Marker.ABORTED)) {
        // Looked for now: a transfer that had just begun was waited for with the marker.
        undo(connection, operation);
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
    return Marker.outcome(connection, operation).orElse("");
  }

  /**
   * Takes back what an operation has done, which may begin anew; autocommit is on.
   *
   * @return whether there was anything
   */
  public static boolean run(Connection connection, UUID operation) throws SQLException {
    begin(connection);
    try {
      boolean any = undo(connection, operation);
      connection.commit();
      return any;
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Whatever the database's default is: what another has committed meanwhile must be seen. */
  private static void begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    Sql.run(connection, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
  }

  private static boolean undo(Connection connection, UUID operation) throws SQLException {
    Ledger.lock(connection);
    Ledger ledger = Ledger.find(connection, operation).orElse(null);
    if (ledger == null) {
      return false;
    }
    // It is ours alone now; to let go of a large file may take long.
    Sql.run(connection, "SET LOCAL statement_timeout = 0");
    if (ledger.saved().derived()) {
      each(connection, "DROP TABLE IF EXISTS ", Set.copyOf(ledger.saved().tables()));
    } else {
      Set<String> filled =
          ledger.chunks(connection).stream()
              .filter(chunk -> chunk.done() != null)
              .map(Chunk::target)
              .collect(Collectors.toCollection(LinkedHashSet::new));
      each(connection, "TRUNCATE ", filled);
      for (String target : filled) {
        ReplacedRows.putBack(connection, operation, target);
      }
      for (String statement : ledger.saved().restore()) {
        restore(connection, statement);
      }
    }
    ledger.delete(connection);
    Failpoint.at("before-taken-back");
    return true;
  }

  private static void each(Connection connection, String what, Set<String> tables)
      throws SQLException {
    if (!tables.isEmpty()) {
      Sql.run(connection, what + String.join(", ", tables));
    }
  }

  /**
   * A foreign key may not hold any more: nobody looked at rows that others wrote while it was away.
   * It is put back for rows to come.
   */
  private static void restore(Connection connection, String statement) throws SQLException {
    Sql.run(connection, "SAVEPOINT restore");
    try {
      Sql.run(connection, statement);
    } catch (PSQLException e) {
      if (!"23503".equals(e.getSQLState())) {
        throw e;
      }
      Sql.run(connection, "ROLLBACK TO SAVEPOINT restore");
      Sql.run(connection, statement + " NOT VALID");
    }
    Sql.run(connection, "RELEASE SAVEPOINT restore");
  }

  /** Puts back what the load removed, once the rows are there. */
  public static void restore(Connection connection, List<String> statements) throws SQLException {
    for (String statement : statements) {
      Sql.run(connection, statement);
    }
  }
}
