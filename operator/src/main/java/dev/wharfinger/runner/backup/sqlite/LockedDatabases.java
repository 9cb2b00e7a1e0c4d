package dev.wharfinger.runner.backup.sqlite;

import dev.wharfinger.runner.backup.BackupException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps everybody out of databases while they are moved away, by the very bytes that SQLite locks:
 * whoever has a database with a log open has a lock on it all the time, and into a file that was
 * moved from under a connection without a log SQLite does not write. They are not opened with
 * SQLite: that would change them, and could not be done with one that is damaged.
 */
final class LockedDatabases implements Closeable {
  /** One byte of who is about to write, one of who writes, and 510 of who reads. */
  private static final long FIRST = 0x40000000L;

  private static final long BYTES = 512;

  private final Set<Object> identities = new HashSet<>();
  private final List<FileChannel> channels = new ArrayList<>();

  private LockedDatabases() {}

  /**
   * Locks files; what is no file is passed over.
   *
   * @throws BackupException {@code database-in-use}
   */
  static LockedDatabases of(List<Path> databases) throws IOException, BackupException {
    LockedDatabases locked = new LockedDatabases();
    try {
      for (Path database : databases) {
        // A second look at the same file would, when it is closed, give up the lock of the first.
        if (Files.isRegularFile(database)
            && Files.isReadable(database)
            && locked.identities.add(SideFiles.identity(database))) {
          locked.lock(database);
        }
      }
      return locked;
    } catch (IOException | BackupException | RuntimeException e) {
      locked.close();
      throw e;
    }
  }

  private void lock(Path database) throws IOException, BackupException {
    // Of what we may not write a shared lock can be had, which keeps writers out.
    boolean writable = Files.isWritable(database);
    FileChannel channel =
        FileChannel.open(database, writable ? StandardOpenOption.WRITE : StandardOpenOption.READ);
    channels.add(channel);
    if (channel.tryLock(FIRST, BYTES, !writable) == null) {
      throw BackupException.failed(
          "database-in-use",
          "somebody has " + database + " open, and would write into what is moved away; stop it");
    }
  }

  /** Gives up all locks. */
  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}
