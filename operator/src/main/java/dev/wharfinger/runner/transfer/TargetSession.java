package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.SQLException;

/** A session on the target in which its schema is the first. */
final class TargetSession {
  private TargetSession() {}

  static Connection open(TransferOptions options) throws SQLException {
    Connection connection = options.target().connect();
    try {
      if (options.targetSchema().isPresent()) {
        Sql.run(connection, "SET search_path TO " + Quoting.name(options.targetSchema().get()));
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
