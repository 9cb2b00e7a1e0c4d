package dev.wharfinger.runner.transfer.postgresql;

import dev.wharfinger.runner.failpoint.Failpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * The row in the target that says how an operation ended. It is the only truth about it: the row
 * {@code committed} comes with the data in one transaction, and the unique index lets exactly one
 * of {@code committed} and {@code aborted} in.
 */
public final class Marker {
  public static final String COMMITTED = "committed";
  public static final String ABORTED = "aborted";

  private Marker() {}

  /** Makes schema and table, each call in its own committed transaction; autocommit is on. */
  public static void prepare(Connection connection) throws SQLException {
    if (exists(connection)) {
      return;
    }
    try {
      Sql.run(connection, "CREATE SCHEMA IF NOT EXISTS wharfinger");
      Failpoint.at("marker-schema");
      Sql.run(
          connection,
          """
          CREATE TABLE IF NOT EXISTS wharfinger.marker (
            operation uuid PRIMARY KEY,
            outcome text NOT NULL CHECK (outcome IN ('committed', 'aborted')),
            source_fingerprint text,
            report jsonb,
            at timestamptz NOT NULL DEFAULT now())\
          """);
    } catch (SQLException e) {
      // Two that make it at the same moment: one of them may get a duplicate in the catalogue.
      if (!exists(connection)) {
        throw e;
      }
    }
  }

  private static boolean exists(Connection connection) throws SQLException {
    return Sql.number(connection, "SELECT (to_regclass('wharfinger.marker') IS NOT NULL)::int")
        == 1;
  }

  /** The outcome of {@code operation}, if it has one. */
  public static Optional<String> outcome(Connection connection, UUID operation)
      throws SQLException {
    if (!exists(connection)) {
      return Optional.empty();
    }
    String outcome =
        Sql.text(
            connection,
            "SELECT outcome FROM wharfinger.marker WHERE operation = '" + operation + "'");
    return outcome.isEmpty() ? Optional.empty() : Optional.of(outcome);
  }

  /** Another operation that committed into this schema. */
  public static Optional<String> otherCommitted(Connection connection, UUID operation)
      throws SQLException {
    if (!exists(connection)) {
      return Optional.empty();
    }
    String other =
        Sql.text(
            connection,
            "SELECT operation FROM wharfinger.marker WHERE outcome = 'committed' AND operation <> '"
                + operation
                + "' AND coalesce(report #>> '{target,schema}', current_schema()) = current_schema()"
                + " LIMIT 1");
    return other.isEmpty() ? Optional.empty() : Optional.of(other);
  }

  /**
   * Inserts an outcome. Waits while another transaction holds the same operation undecided.
   *
   * @return whether the row is ours; false where there is one already
   */
  public static boolean insert(
      Connection connection, UUID operation, String outcome, String fingerprint, String report)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO wharfinger.marker (operation, outcome, source_fingerprint, report)"
                + " VALUES (?, ?, ?, ?::jsonb) ON CONFLICT DO NOTHING RETURNING operation")) {
      statement.setObject(1, operation);
      statement.setString(2, outcome);
      statement.setString(3, fingerprint);
      statement.setString(4, report);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }
}
