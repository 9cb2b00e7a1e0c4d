package dev.wharfinger.runner.transfer.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Keeps every other writer out of the source ({@code database is locked}) until the process ends.
 * Nothing is written: the transaction is begun and never used. A source's lock is never given up:
 * doing that in an orderly way would let SQLite write the log into the database file.
 */
public final class SourceLock {
  private final Connection connection;
  private final Path file;
  private final String before;

  private SourceLock(Connection connection, Path file, String before) {
    this.connection = connection;
    this.file = file;
    this.before = before;
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
    }
    return new SourceLock(connection, file, fingerprint(file));
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
      statement.execute("ROLLBACK");
    }
  }

  /**
   * Gives the lock up and closes the file, which writes its log into it: for a file that is to be
   * replaced.
   */
  public void giveUp() throws SQLException {
    release();
    connection.close();
  }

  /** Whether the files are still those that were locked. */
  public boolean intact() throws IOException {
    return fingerprint(file).equals(before);
  }
}
