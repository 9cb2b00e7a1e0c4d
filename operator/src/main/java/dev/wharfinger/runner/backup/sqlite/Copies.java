package dev.wharfinger.runner.backup.sqlite;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/** Copies of several databases as they were at one instant, in a directory of our own. */
public final class Copies implements AutoCloseable {
  /** In the older journal modes a reader keeps the application from committing. */
  private static final long LONGEST_BLOCK = 256L << 20;

  private static final long MOST_LOG = 1L << 30;
  private static final int PAGES_PER_STEP = 1000;

  private final SnapshotDirectory directory;
  private final List<Path> files = new ArrayList<>();
  private Instant instant = Instant.EPOCH;

  private Copies(SnapshotDirectory directory) {
    this.directory = directory;
  }

  /**
   * What to do where the application's log fills its volume because we still read: the read
   * transaction has to end, and SQLite's copying cannot be stopped but with the process.
   */
  public interface Overgrowth {
    void end(BackupException why);
  }

  /**
   * Copies databases.
   *
   * @param scratch where to; made if it is not there
   * @param mayBlock whether the application may be kept from committing for the time of a copy
   * @throws BackupException {@code scratch-beside-database}, {@code no-room-for-copy}, {@code
   *     copy-would-block} or {@code lock-timeout}
   */
  public static Copies take(
      List<Declared> databases, Path scratch, boolean mayBlock, Overgrowth overgrowth)
      throws SQLException, IOException, BackupException {
    SnapshotDirectory directory = new SnapshotDirectory(scratch);
    for (Declared database : databases) {
      if (directory.holds(database.file())) {
        throw BackupException.refused(
            "scratch-beside-database",
            "--scratch is cleaned up, so it must not be the directory of " + database.name());
      }
    }
    Copies copies = new Copies(directory);
    try {
      directory.enter();
      copies.take(databases, mayBlock, overgrowth);
      return copies;
    } catch (SQLException | IOException | BackupException | RuntimeException e) {
      copies.close();
      throw e;
    }
  }

  private void take(List<Declared> databases, boolean mayBlock, Overgrowth overgrowth)
      throws SQLException, IOException, BackupException {
    try (PinnedFiles pinned = PinnedFiles.of(databases)) {
      instant = pinned.instant();
      Failpoint.at("pinned");
      check(databases, pinned, mayBlock);
      for (int i = 0; i < databases.size(); i++) {
        copy(databases.get(i), pinned.readers().get(i), overgrowth);
      }
    }
    Failpoint.at("copied");
  }

  private void check(List<Declared> databases, PinnedFiles pinned, boolean mayBlock)
      throws SQLException, IOException, BackupException {
    long all = 0;
    for (int i = 0; i < databases.size(); i++) {
      SourceDatabase reader = pinned.readers().get(i);
      long bytes = PinnedFiles.bytes(reader);
      all += bytes;
      if (!mayBlock && bytes > LONGEST_BLOCK && !reader.text("PRAGMA journal_mode").equals("wal")) {
        throw BackupException.refused(
            "copy-would-block",
            "without WAL mode nobody commits to %s while its %d bytes are copied; say --allow-blocking"
                .formatted(databases.get(i).name(), bytes));
      }
    }
    long room = SnapshotDirectory.usable(directory.path());
    if (room < all) {
      throw BackupException.refused(
          "no-room-for-copy",
          "the copies take %d bytes, and %s has %d; name another place with --scratch"
              .formatted(all, directory.path(), Math.max(0, room)));
    }
  }

  private void copy(Declared database, SourceDatabase reader, Overgrowth overgrowth)
      throws SQLException, IOException {
    Path file = directory.path().resolve("wharfinger-snapshot-" + UUID.randomUUID() + ".db");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    files.add(file);
    long most = PinnedFiles.logBytes(database.file()) + mostGrowth(database.file());
    int code =
        ((SQLiteConnection) reader.connection())
            .getDatabase()
            .backup(
                "main",
                SourceDatabase.uri(file),
                (left, pages) -> {
                  Failpoint.at("during-copy");
                  if (logBytes(database.file()) > most) {
                    overgrowth.end(
                        BackupException.failed(
                            "wal-growth",
                            "the log of %s grew by more than %d bytes during the copy"
                                .formatted(database.name(), most)));
                  }
                },
                0,
                0,
                PAGES_PER_STEP);
    if (code != 0) {
      throw DB.newSQLException(code, "copying " + database.name());
    }
  }

  private static long mostGrowth(Path file) throws IOException {
    return Math.min(MOST_LOG, Files.getFileStore(file).getUsableSpace() / 2);
  }

  private static long logBytes(Path file) {
    try {
      return PinnedFiles.logBytes(file);
    } catch (IOException e) {
      // Gone between two questions; a new one begins at nothing.
      return 0;
    }
  }

  /** The copies, in the order of the databases. */
  public List<Path> files() {
    return List.copyOf(files);
  }

  /** The moment of which all of them are. */
  public Instant instant() {
    return instant;
  }

  /** Deletes the copies. */
  @Override
  public void close() throws IOException {
    for (Path file : files) {
      for (String ending : new String[] {"", "-journal", "-wal", "-shm"}) {
        Files.deleteIfExists(Path.of(file + ending));
      }
    }
    directory.close();
  }
}
