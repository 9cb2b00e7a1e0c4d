package dev.wharfinger.runner.transfer.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** How the application's file is opened. */
final class SourceConnection {
  private SourceConnection() {}

  /** Opens a file that exists; nothing is read yet, so nothing is held. */
  static Connection open(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SourceDatabase.uri(file));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=5000");
      statement.execute("PRAGMA wal_autocheckpoint=0");
      statement.execute("PRAGMA cell_size_check=ON");
      statement.execute("PRAGMA trusted_schema=OFF");
      statement.execute("PRAGMA query_only=ON");
    }
    return connection;
  }
}
