package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * The table in the file that says which operations have made it. It comes with the data, in one
 * rename, so it is the only truth about them.
 */
public final class FileRecord {
  static final String TABLE = SourceCatalog.MOVES;

  private FileRecord() {}

  /** Whether {@code operation} has made the file. */
  public static boolean holds(Path file, UUID operation) throws SQLException {
    if (!Files.exists(file)) {
      return false;
    }
    SourceDatabase database = SourceDatabase.open(file);
    try {
      return holds(database, operation);
    } finally {
      database.abandon();
    }
  }

  static boolean holds(SourceDatabase database, UUID operation) throws SQLException {
    return exists(database)
        && database.number(
                "SELECT count(*) FROM " + TABLE + " WHERE operation = '" + operation + "'")
            > 0;
  }

  static boolean exists(SourceDatabase database) throws SQLException {
    return database.number("SELECT count(*) FROM sqlite_schema WHERE name = '" + TABLE + "'") > 0;
  }

  /** Adds the operation; the records of earlier ones are there already, or there are none. */
  static void insert(Connection connection, UUID operation, String source, long rows)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (operation TEXT PRIMARY KEY NOT NULL, source TEXT NOT NULL,"
              + " \"rows\" INTEGER NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)");
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO " + TABLE + " (operation, source, \"rows\") VALUES (?, ?, ?)")) {
      statement.setString(1, operation.toString());
      statement.setString(2, source);
      statement.setLong(3, rows);
      statement.executeUpdate();
    }
  }
}
