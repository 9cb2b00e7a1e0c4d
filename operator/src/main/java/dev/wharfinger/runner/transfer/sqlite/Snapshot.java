package dev.wharfinger.runner.transfer.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/** A checked copy of the source under its own name, complete or not there. */
public final class Snapshot {
  private Snapshot() {}

  /** Bytes that a copy of {@code source} takes, with what is still in its log. */
  public static long bytes(Path source) throws SQLException {
    Connection reader = SourceDatabase.connect(source);
    SourceDatabase.abandon(reader);
    try (Statement statement = reader.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")) {
      return row.getLong(1);
    }
  }

  /**
   * Copies with SQLite's backup interface, checks the copy, and names it when it is on disk.
   *
   * @param source the file to copy; a lock held by this process does not stand in the way
   * @param directory where to; it is there
   * @param operation the transfer it is for
   * @return the copy; a copy of an earlier try is made anew
   */
  public static Path take(Path source, Path directory, UUID operation)
      throws SQLException, IOException {
    Path complete = directory.resolve("wharfinger-snapshot-" + operation + ".db");
    Path partial = Path.of(complete + ".partial");
    delete(complete);
    delete(partial);
    try {
      copy(source, partial);
      sync(partial);
      Files.move(partial, complete, StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
    } catch (SQLException | IOException e) {
      // Half a copy on a full volume would stand in the way of the application.
      delete(partial);
      throw e;
    }
    return complete;
  }

  private static void copy(Path source, Path partial) throws SQLException {
    // A connection in a write transaction cannot be copied from, so this is another one.
    Connection reader = SourceDatabase.connect(source);
    SourceDatabase.abandon(reader);
    int code = ((SQLiteConnection) reader).getDatabase().backup("main", partial.toString(), null);
    if (code != 0) {
      throw DB.newSQLException(code, "the snapshot failed");
    }
    try (Connection copy = DriverManager.getConnection("jdbc:sqlite:" + partial);
        Statement statement = copy.createStatement()) {
      // No log and no shared memory beside the copy.
      statement.execute("PRAGMA journal_mode=DELETE");
    }
  }

  /** Removes a snapshot and what may lie beside it. */
  public static void delete(Path snapshot) throws IOException {
    for (String ending : new String[] {"", "-journal", "-wal", "-shm"}) {
      Files.deleteIfExists(Path.of(snapshot + ending));
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
