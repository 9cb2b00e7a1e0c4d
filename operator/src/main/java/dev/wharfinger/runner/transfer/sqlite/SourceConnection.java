package dev.wharfinger.runner.transfer.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** How the application's file is opened. Never closed while it is the application's own. */
public final class SourceConnection {
  private SourceConnection() {}

  /** Opens a file that exists; nothing is read yet, so nothing is held. */
  public static Connection open(Path file) throws SQLException {
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

  /** SQLite does not say which file it cannot open; with a write-ahead log it makes one more. */
  public static SQLException explained(SQLException error, Path file) {
    boolean cannotOpen =
        error instanceof SQLiteException sqlite
            && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CANTOPEN.code;
    return cannotOpen && Files.exists(file)
        ? new SQLException(
            "SQLite cannot open "
                + file
                + " or make a file beside it: no room for one more file (df -i), a read-only"
                + " volume, or no right to write there",
            error)
        : error;
  }
}
