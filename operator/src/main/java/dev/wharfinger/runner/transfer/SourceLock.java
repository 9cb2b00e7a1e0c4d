package dev.wharfinger.runner.transfer;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * SQLite's own write lock on the source, held as long as the process lives. Whoever else tries to
 * write meets "database is locked"; nothing is written and nothing is lost.
 *
 * <p>It is never closed: the last connection to close would fold the write-ahead log into the file,
 * and the source shall stay byte for byte as it was. The kernel takes the lock back when the
 * process ends.
 */
final class SourceLock {
  private final Connection connection;

  private SourceLock(Connection connection) {
    this.connection = connection;
  }

  static SourceLock take(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    Sql.execute(connection, "PRAGMA busy_timeout=20000");
    Sql.execute(connection, "PRAGMA wal_autocheckpoint=0");
    try {
      Sql.execute(connection, "BEGIN IMMEDIATE");
    } catch (SQLException e) {
      throw new SQLException(
          "the source is locked by somebody who still writes: " + e.getMessage(), e);
    }
    return new SourceLock(connection);
  }

  /** Changes whenever another connection commits; equal values prove that nobody did. */
  long dataVersion() throws SQLException {
    return Sql.list(connection, "PRAGMA data_version", rs -> rs.getLong(1)).getFirst();
  }
}
