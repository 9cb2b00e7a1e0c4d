package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/**
 * A checked copy of the source under its own name, complete or not there. It goes when it is closed
 * and when the process is asked to end: left on a full volume it would stand in the way of the
 * application.
 */
public final class Snapshot implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);
  private final Path partial;
  private final Path complete;
  private final Thread atExit = new Thread(this::deleteAtExit, "delete-snapshot");

  private Snapshot(Path directory, UUID operation) {
    complete = directory.resolve("wharfinger-snapshot-" + operation + ".db");
    partial = Path.of(complete + ".partial");
  }

  /** Bytes that a copy of {@code source} takes, with what is still in its log. */
  public static long bytes(Path source) throws SQLException {
    Connection reader = SourceConnection.open(source);
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
  public static Snapshot take(Path source, Path directory, UUID operation)
      throws SQLException, IOException {
    Snapshot snapshot = new Snapshot(directory, operation);
    snapshot.delete();
    try {
      // From here on nothing makes the file again, so once deleted it stays away.
      Files.createFile(snapshot.partial);
      Runtime.getRuntime().addShutdownHook(snapshot.atExit);
      snapshot.copy(source);
      sync(snapshot.partial);
      Failpoint.at("snapshot-made");
      Files.move(snapshot.partial, snapshot.complete, StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
      Failpoint.at("after-snapshot");
    } catch (SQLException | IOException | RuntimeException e) {
      snapshot.close();
      throw e;
    }
    return snapshot;
  }

  private void copy(Path source) throws SQLException {
    // A connection in a write transaction cannot be copied from, so this is another one.
    Connection reader = SourceConnection.open(source);
    SourceDatabase.abandon(reader);
    int code =
        ((SQLiteConnection) reader)
            .getDatabase()
            .backup(
                "main",
                SourceDatabase.uri(partial),
                (left, all) -> Failpoint.at("during-snapshot"));
    if (code != 0) {
      throw DB.newSQLException(code, "the snapshot failed");
    }
    try (Connection copy = SourceConnection.open(partial);
        Statement statement = copy.createStatement()) {
      statement.execute("PRAGMA query_only=OFF");
      // No log and no shared memory beside the copy.
      statement.execute("PRAGMA journal_mode=DELETE");
    }
  }

  /** The copy. */
  public Path file() {
    return complete;
  }

  /** Removes the copy, and half of one. */
  @Override
  public void close() throws IOException {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      LOG.debug("the process is ending", e);
    }
  }

  private void deleteAtExit() {
    try {
      delete();
    } catch (IOException e) {
      LOG.warn("the snapshot {} is left behind", complete, e);
    }
  }

  private void delete() throws IOException {
    // In this order: what is renamed meanwhile is found under its new name.
    for (Path file : new Path[] {partial, complete}) {
      for (String ending : new String[] {"", "-journal", "-wal", "-shm"}) {
        Files.deleteIfExists(Path.of(file + ending));
      }
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
