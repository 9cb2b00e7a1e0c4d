package dev.wharfinger.runner.transfer.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where snapshots lie while they are read. A killed process leaves its snapshot behind; the next
 * one removes it. Whoever uses the directory shares a lock on the file {@code lock} in it, so one
 * that gets that lock for itself alone knows that every snapshot there is left over.
 */
public final class SnapshotDirectory implements AutoCloseable {
  private static final Pattern OURS =
      Pattern.compile(
          "wharfinger-snapshot-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\.db"
              + "(\\.partial)?(-journal|-wal|-shm)?");

  /** Most and least that our files leave free, for the application to go on if all else fails. */
  private static final long MOST_RESERVE = 64 << 20;

  private static final long LEAST_RESERVE = 1 << 20;

  private final Path directory;
  private @Nullable FileChannel channel;

  /** A directory that need not be there yet. */
  public SnapshotDirectory(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** Whether {@code source} lies in it: what is cleaned up here must not be anybody's database. */
  public boolean holds(Path source) throws IOException {
    return Files.exists(directory)
        && (Files.isSameFile(directory, source.toAbsolutePath().resolveSibling("."))
            || Files.isSameFile(directory, source.toRealPath().resolveSibling(".")));
  }

  /** Makes the directory, removes what is left over in it, and keeps others from doing that. */
  public void enter() throws IOException {
    Files.createDirectories(directory);
    channel =
        FileChannel.open(
            lockFile(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try (FileLock alone = channel.tryLock()) {
      if (alone != null) {
        for (Path left : leftovers()) {
          Files.delete(left);
        }
      }
    } catch (OverlappingFileLockException e) {
      // Another transfer of this process: it is at work.
      return;
    }
    channel.lock(0, Long.MAX_VALUE, true);
  }

  /** Bytes that a snapshot may take: what is free, and what {@link #enter} would free. */
  public long room() throws IOException {
    Path there = directory;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    long bytes = usable(there);
    if (channel == null && Files.exists(directory) && deserted()) {
      for (Path left : leftovers()) {
        bytes += Files.size(left);
      }
    }
    return Math.max(0, bytes);
  }

  /** Bytes that may be taken of the volume of {@code there}; less than 0 on a full one. */
  public static long usable(Path there) throws IOException {
    FileStore volume = Files.getFileStore(there);
    return volume.getUsableSpace()
        - Math.clamp(volume.getTotalSpace() / 20, LEAST_RESERVE, MOST_RESERVE);
  }

  /** Whether {@link #enter} would find nobody at work. */
  private boolean deserted() throws IOException {
    if (!Files.exists(lockFile())) {
      return true;
    }
    try (FileChannel look = FileChannel.open(lockFile(), StandardOpenOption.WRITE);
        FileLock alone = look.tryLock()) {
      return alone != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private Path lockFile() {
    return directory.resolve("lock");
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> OURS.matcher(file.getFileName().toString()).matches())
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .toList();
    }
  }

  /** The directory itself. */
  public Path path() {
    return directory;
  }

  /** Lets others clean up again. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
