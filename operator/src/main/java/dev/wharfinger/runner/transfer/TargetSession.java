package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** A session on PostgreSQL in which the schema of the move is the first. */
public final class TargetSession {
  private TargetSession() {}

  static Connection open(TransferOptions options) throws SQLException {
    return open(options.target(), options.targetSchema());
  }

  /**
   * Opens it.
   *
   * @param schema empty for the role's first
   */
  public static Connection open(PostgresUrl url, Optional<String> schema) throws SQLException {
    Connection connection = url.connect();
    try {
      if (schema.isPresent()) {
        Sql.run(connection, "SET search_path TO " + Quoting.name(schema.get()));
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
