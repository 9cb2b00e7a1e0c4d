package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A file that others are kept out of while it is decided whether it is taken again. */
final class RetainedFile implements AutoCloseable {
  private final Connection connection;

  private RetainedFile(Connection connection) {
    this.connection = connection;
  }

  /** Fails where somebody is writing. */
  static RetainedFile lock(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SourceDatabase.uri(file));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=5000");
      // The record decides which database is in use, so no power cut may take it away again.
      statement.execute("PRAGMA synchronous=EXTRA");
      statement.execute("BEGIN IMMEDIATE");
      return new RetainedFile(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Adds the record of an operation that copied no row; it is there for good on return. */
  void record(UUID operation, String source) throws SQLException {
    FileRecord.insert(connection, operation, source, 0);
    try (Statement statement = connection.createStatement()) {
      statement.execute("COMMIT");
    }
  }

  /** Without {@link #record} the file is what it was. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
