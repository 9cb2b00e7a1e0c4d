package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.sqlite.FileHeader;
import dev.wharfinger.runner.transfer.sqlite.Snapshot;
import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceLock;
import dev.wharfinger.runner.transfer.sqlite.Surroundings;
import dev.wharfinger.runner.transfer.sqlite.WriteAheadLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The way to the source's rows: locked unless only looked at, directly or through a snapshot. */
final class SourceAccess implements AutoCloseable {
  private static final int SMALLEST_PAGE = 512;

  private final TransferOptions options;
  private final Findings findings;
  private final Findings warnings = new Findings();
  private final Optional<SnapshotDirectory> snapshots;
  private Path path;
  private @Nullable SourceLock lock;
  private final List<SourceDatabase> opened = new ArrayList<>();
  private @Nullable Snapshot snapshot;

  SourceAccess(TransferOptions options, Findings findings) throws IOException {
    if (!Files.exists(options.source())) {
      throw new IOException(
          "there is no file "
              + options.source()
              + "; "
              + Surroundings.seen(options.source().resolveSibling("")));
    }
    this.options = options;
    this.path = options.source();
    this.findings = findings;
    this.snapshots = options.snapshotDirectory().map(SnapshotDirectory::new);
  }

  /** Takes the lock, unless this is a dry run; it is kept until the process ends. */
  void lock() throws SQLException, IOException, RefusedException {
    if (snapshots.isPresent() && snapshots.get().holds(options.source())) {
      findings.add("", "", "snapshot-beside-source", snapshots.get().path().toString());
      throw new RefusedException("--snapshot-dir is the directory of the source itself");
    }
    long size = Files.size(options.source());
    if (size < SMALLEST_PAGE) {
      // To SQLite that is a database without tables; an application's is one whose pages are lost.
      findings.add(
          "",
          "",
          "source-damaged",
          size == 0 ? "the file is empty" : "the file is shorter than a page");
      throw new RefusedException("the source is " + (size == 0 ? "empty" : "cut off"));
    }
    if (FileHeader.endsWithinAPage(options.source())) {
      findings.add("", "", "source-damaged", "the file ends within a page");
      throw new RefusedException("the source is cut off");
    }
    // Before the lock: SQLite forgets at once what its last users knew of the log.
    Optional<WriteAheadLog.Broken> broken = WriteAheadLog.brokenFrame(options.source());
    if (broken.isPresent() && broken.get().passed()) {
      warnings.add("", "", "write-ahead-log-remains", "frame " + broken.get().frame());
    } else if (broken.isPresent()) {
      findings.add(
          "",
          "",
          "write-ahead-log-damaged",
          broken.get().frame() == 0 ? "its header" : "frame " + broken.get().frame());
      throw new RefusedException("the source's write-ahead log is damaged");
    }
    if (!options.dryRun()) {
      lock = SourceLock.take(options.source());
      if (snapshots.isPresent()) {
        snapshots.get().enter();
      }
    }
  }

  /** What was noticed on the way in. */
  Findings warnings() {
    return warnings;
  }

  String fingerprint() throws IOException {
    return SourceLock.fingerprint(options.source());
  }

  /** Whether the files are still those that were locked. */
  boolean intact() throws IOException {
    return lock != null && lock.intact();
  }

  /** Opens the source, or a snapshot of it where one is wanted and there is room. */
  SourceDatabase open(UUID operation, Meter meter) throws Exception {
    Path file = options.source();
    if (snapshots.isPresent()) {
      room(snapshots.get());
      if (!options.dryRun()) {
        meter.phase("snapshot");
        snapshot = Snapshot.take(file, snapshots.get().path(), operation);
        file = snapshot.file();
      }
    }
    path = file;
    return another();
  }

  /** Opens once more what {@link #open} opened, for another thread; the rows are the same. */
  synchronized SourceDatabase another() throws SQLException {
    SourceDatabase database = SourceDatabase.open(path);
    opened.add(database);
    return database;
  }

  /** Bytes of the source with its log. */
  long bytes() throws IOException {
    Path log = Path.of(options.source() + "-wal");
    return Files.size(options.source()) + (Files.exists(log) ? Files.size(log) : 0);
  }

  private void room(SnapshotDirectory directory) throws Exception {
    long needed = Snapshot.bytes(options.source());
    long free = directory.room();
    if (needed > free) {
      findings.add(
          "",
          "",
          "no-room-for-snapshot",
          "the snapshot in %s needs %d bytes, and %d are free"
              .formatted(directory.path(), needed, free));
      throw new RefusedException("there is no room for the snapshot");
    }
  }

  /** Removes a snapshot; a source that is not ours stays open until the process ends. */
  @Override
  public void close() throws Exception {
    try {
      for (SourceDatabase database : opened) {
        if (snapshot != null) {
          database.closeCopy();
        } else {
          database.abandon();
        }
      }
      if (snapshot != null) {
        snapshot.close();
      }
    } finally {
      if (snapshots.isPresent()) {
        snapshots.get().close();
      }
    }
  }
}
