package dev.wharfinger.runner.transfer.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Keeps every other writer out of the source ({@code database is locked}) until the process ends.
 * Nothing is written: the transaction is begun and never used. A source's lock is never given up:
 * doing that in an orderly way would let SQLite write the log into the database file.
 */
public final class SourceLock {
  private final Connection connection;
  private final Path file;
  private final String before;
  private final String version;
  private boolean begun = true;
  private boolean alone;

  private SourceLock(Connection connection, Path file, String before, String version) {
    this.connection = connection;
    this.file = file;
    this.before = before;
    this.version = version;
  }

  /**
   * Takes the lock.
   *
   * @throws SQLException with {@code SQLITE_BUSY} where somebody else is writing
   */
  public static SourceLock take(Path file) throws SQLException, IOException {
    Connection connection = SourceConnection.open(file);
    SourceDatabase.abandon(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only=OFF");
      statement.execute("BEGIN IMMEDIATE");
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
      return new SourceLock(connection, file, fingerprint(file), version(statement));
    }
  }

  /** Changes whenever another connection has written. */
  private static String version(Statement statement) throws SQLException {
    return first(statement, "PRAGMA data_version");
  }

  private static String first(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /**
   * Identity, size and time of the last change of the database file and of its log. By the file
   * system alone: opening the file beside SQLite would drop SQLite's locks.
   */
  public static String fingerprint(Path file) throws IOException {
    return part(file) + ";" + part(Path.of(file + "-wal"));
  }

  private static String part(Path path) throws IOException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      return "-";
    }
    return Files.getAttribute(path, "unix:ino")
        + ":"
        + Files.size(path)
        + ":"
        + Files.getLastModifiedTime(path).toMillis();
  }

  /** Lets writers in again; the file stays open. */
  public void release() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      end(statement);
      if (alone) {
        alone = false;
        statement.execute("PRAGMA locking_mode=NORMAL");
        // It is obeyed when the file is read the next time.
        first(statement, "SELECT count(*) FROM sqlite_schema");
      }
    }
  }

  private void end(Statement statement) throws SQLException {
    if (begun) {
      statement.execute("ROLLBACK");
      begun = false;
    }
  }

  /**
   * Writes the log into the database and keeps readers out too: for a file that is to be replaced.
   * All other connections of this process to it are closed.
   *
   * @throws SQLException where somebody is using the file, or has written into it since it was
   *     locked
   */
  public void alone() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      alone = true;
      statement.execute("PRAGMA locking_mode=EXCLUSIVE");
      // Without a log the lock only grows. With one it is nobody's for a moment.
      end(statement);
      begin(statement);
      if (!version(statement).equals(version)) {
        throw new SQLException("somebody has written into " + file + " although it was locked");
      }
      end(statement);
      if (first(statement, "PRAGMA wal_checkpoint(TRUNCATE)").equals("1")) {
        throw used();
      }
      begin(statement);
    }
  }

  private void begin(Statement statement) throws SQLException {
    try {
      statement.execute("BEGIN EXCLUSIVE");
      begun = true;
    } catch (SQLiteException e) {
      boolean busy = (e.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
      throw busy ? used() : e;
    }
  }

  private SQLException used() {
    return new SQLException("somebody is using " + file);
  }

  /** Whether the files are still those that were locked. */
  public boolean intact() throws IOException {
    return fingerprint(file).equals(before);
  }
}
