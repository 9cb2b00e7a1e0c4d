package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.Meter;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceLock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that is there, and how the new one takes its place: at every moment one of the two
 * stands complete under the name. Nothing of the old file is written before {@link #give}.
 */
final class OldTarget {
  private static final Logger LOG = LoggerFactory.getLogger(OldTarget.class);
  private static final String[] BESIDE = {"-wal", "-shm", "-journal"};
  private final TargetFiles files;
  private final boolean exists;
  private final List<Connection> readers = new ArrayList<>();
  private @Nullable SourceLock lock;

  OldTarget(TargetFiles files) {
    this.files = files;
    this.exists = Files.exists(files.target());
  }

  boolean exists() {
    return exists;
  }

  /** Has a file closed, if it is this one, when it is given up. */
  void reads(LikeFile file) throws IOException {
    if (exists && Files.isSameFile(file.file(), files.target())) {
      readers.add(file.database().connection());
    }
  }

  /** Whether {@code operation} has made this file. */
  boolean madeBy(UUID operation) throws SQLException {
    if (!exists) {
      return false;
    }
    SourceDatabase open = SourceDatabase.open(files.target());
    readers.add(open.connection());
    try (Statement end = open.connection().createStatement()) {
      boolean made = FileRecord.holds(open, operation);
      end.execute("ROLLBACK");
      return made;
    } finally {
      // Unless the file is given up below, closing it would write into it.
      SourceDatabase.abandon(open.connection());
    }
  }

  /** Keeps writers out from here on; fails where one is at work. */
  void lock() throws SQLException, IOException {
    if (exists) {
      lock = SourceLock.take(files.target());
    } else if (Files.exists(Path.of(files.target() + "-wal"))) {
      throw new IOException("there is a write-ahead log without its database: move it away");
    }
  }

  /** Lets writers in again: the file stays as it is. */
  void unlock() throws SQLException {
    if (lock != null) {
      lock.release();
      lock = null;
    }
  }

  /**
   * Owner, group and mode of the old file, as far as we may give them. Without one the file is
   * ours, and its group is what the directory makes of it.
   */
  void dress(Path file) throws IOException {
    if (!exists) {
      Files.setPosixFilePermissions(file, Set.copyOf(PosixFilePermissions.fromString("rw-rw----")));
      return;
    }
    for (String attribute : new String[] {"unix:uid", "unix:gid"}) {
      Object wanted = Files.getAttribute(files.target(), attribute);
      if (!wanted.equals(Files.getAttribute(file, attribute))) {
        give(file, attribute, wanted);
      }
    }
    Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(files.target()));
  }

  private static void give(Path file, String attribute, Object wanted) throws IOException {
    try {
      Files.setAttribute(file, attribute, wanted);
    } catch (FileSystemException e) {
      // Only root may give a file away. Who runs this can read it, and so can its group.
      LOG.warn("{} of the old file cannot be given to the new one: {}", attribute, e.getReason());
    }
  }

  /**
   * Puts the new file in the place of the old one, which is kept under another name. Up to there
   * the old one is locked, and where it is done it stays so until the process ends.
   *
   * @param done called at once when the new file is there; nobody of us has the old one open
   */
  void give(Meter meter, Runnable done) throws SQLException, IOException {
    Path target = files.target();
    SourceLock held = lock;
    if (held != null) {
      for (Connection reader : readers) {
        reader.close();
      }
      meter.closing("keeping");
      Failpoint.at("back-given-up");
      alone(held);
      Failpoint.at("back-alone");
      keep();
      Failpoint.at("back-kept-old");
    }
    meter.closing("clearing");
    for (String ending : BESIDE) {
      // A log of the old database would be taken for one of the new.
      Files.deleteIfExists(Path.of(target + ending));
    }
    TargetFiles.sync(target.resolveSibling("."));
    meter.closing("replacing");
    Failpoint.at("back-cleared");
    Files.move(files.partial(), target, StandardCopyOption.ATOMIC_MOVE);
    // Not closed either: that would remove the log of the new database.
    lock = null;
    done.run();
    Failpoint.at("back-replaced");
    TargetFiles.sync(target.resolveSibling("."));
    Failpoint.at("back-settled");
  }

  private void alone(SourceLock held) throws SQLException {
    try {
      held.alone();
    } catch (SQLException e) {
      throw SqliteErrors.full(e)
          ? new SQLException(
              "there is no room to write the log of " + files.target() + " into it", e)
          : e;
    }
  }

  private void keep() throws IOException {
    Path target = files.target();
    Path before = files.before();
    if (Files.exists(before)) {
      // By a run of this operation that was killed; and a copy, a link is removed at the start.
      if (Files.isSameFile(before, target) || LockedFile.same(target, before)) {
        return;
      }
      throw new IOException(before + " is there already; move it away");
    }
    try {
      Files.createLink(before, target);
    } catch (UnsupportedOperationException | IOException e) {
      // No links here. Under a name of ours first, so that half a copy is never taken for one.
      LockedFile.copy(target, files.pattern());
      dress(files.pattern());
      Files.setLastModifiedTime(files.pattern(), Files.getLastModifiedTime(target));
      TargetFiles.sync(files.pattern());
      Files.move(files.pattern(), before, StandardCopyOption.ATOMIC_MOVE);
    }
    TargetFiles.sync(target.resolveSibling("."));
  }
}
