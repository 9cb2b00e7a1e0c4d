package dev.wharfinger.runner.transfer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The record of a move, kept with the data: a row that is committed in the same transaction, or a
 * row that says it never will be. The unique key lets exactly one of the two exist.
 */
final class Marker {
  private Marker() {}

  /** Makes the table; committed by itself, so that the unique key stands before any move begins. */
  static void prepare(Connection connection) throws SQLException {
    Sql.execute(connection, "CREATE SCHEMA IF NOT EXISTS wharfinger");
    Sql.execute(
        connection,
        """
        CREATE TABLE IF NOT EXISTS wharfinger.marker (
          operation uuid PRIMARY KEY,
          outcome text NOT NULL CHECK (outcome IN ('committed', 'aborted')),
          source_fingerprint text,
          report jsonb,
          at timestamptz NOT NULL DEFAULT now())
        """);
  }

  /** committed, aborted, or nothing yet. */
  static Optional<String> outcome(Connection connection, String operation) throws SQLException {
    return Sql.list(
            connection,
            "SELECT outcome FROM wharfinger.marker WHERE operation = ?::uuid",
            rs -> rs.getString(1),
            operation)
        .stream()
        .findFirst();
  }

  static void commit(Connection connection, String operation, String fingerprint, String report)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "INSERT INTO wharfinger.marker (operation, outcome, source_fingerprint, report)"
                + " VALUES (?::uuid, 'committed', ?, ?::jsonb)")) {
      statement.setString(1, operation);
      statement.setString(2, fingerprint);
      statement.setString(3, report);
      statement.executeUpdate();
    }
  }

  /**
   * Makes sure that the move can never commit any more, unless it has; waits for a transaction that
   * still tries.
   */
  static String abort(Connection connection, String operation) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "INSERT INTO wharfinger.marker (operation, outcome) VALUES (?::uuid, 'aborted')"
                + " ON CONFLICT (operation) DO NOTHING")) {
      statement.setString(1, operation);
      statement.executeUpdate();
    }
    return outcome(connection, operation).orElseThrow();
  }
}
