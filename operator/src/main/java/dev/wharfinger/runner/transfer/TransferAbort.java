package dev.wharfinger.runner.transfer;

import java.sql.Connection;
import java.sql.SQLException;

/** The decision, made by the database, that a move will never commit. */
public final class TransferAbort {
  private TransferAbort() {}

  /**
   * Decides.
   *
   * @return {@code aborted}, or {@code committed} where the move was faster
   * @throws SQLException where it could not be told
   */
  public static String run(PostgresqlTarget target, String operation) throws SQLException {
    try (Connection connection = target.connect()) {
      Sql.execute(connection, "SET lock_timeout = '60s'");
      Marker.prepare(connection);
      return Marker.abort(connection, operation);
    }
  }
}
