package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Our files beside the target, and who may touch them. Of the lock file, the first byte is held by
 * the move that is at work, the second by whoever decides how it ends.
 */
public final class TargetFiles implements AutoCloseable {
  private static final String UUID_TEXT = "\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";
  private final Path target;
  private final UUID operation;
  private @Nullable FileChannel channel;
  private @Nullable FileLock decision;

  /** Files beside {@code target}; where that is a link, beside what it leads to. */
  public TargetFiles(Path target, UUID operation) throws IOException {
    this.target = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    this.operation = operation;
  }

  private Path sibling(String name) {
    return target.resolveSibling(name);
  }

  Path target() {
    return target;
  }

  /** The new database while it is being made. */
  Path partial() {
    return sibling(".%s.wharfinger-%s.partial".formatted(target.getFileName(), operation));
  }

  /** An empty database with a derived schema. */
  Path pattern() {
    return sibling(".%s.wharfinger-%s.schema".formatted(target.getFileName(), operation));
  }

  /** The database that was there before. */
  Path before() {
    return sibling(target.getFileName() + ".before-" + operation);
  }

  private Path abortedRecord() {
    return sibling(".%s.wharfinger-aborted-%s".formatted(target.getFileName(), operation));
  }

  private FileChannel channel() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open =
          FileChannel.open(
              sibling(".%s.wharfinger-lock".formatted(target.getFileName())),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      channel = open;
    }
    return open;
  }

  private @Nullable FileLock tryLock(int place) throws IOException {
    try {
      return channel().tryLock(place, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Keeps other moves out until this is closed, and removes what a killed one left behind. */
  void enter() throws IOException {
    if (tryLock(0) == null) {
      throw new IOException("another move into this file is at work");
    }
    tidy();
  }

  private void tidy() throws IOException {
    Pattern ours =
        Pattern.compile(
            Pattern.quote("." + target.getFileName() + ".wharfinger-")
                + UUID_TEXT
                + "\\.(partial|schema)(-journal|-wal|-shm)?");
    Pattern kept = Pattern.compile(Pattern.quote(target.getFileName() + ".before-") + UUID_TEXT);
    for (Path file : list()) {
      String name = String.valueOf(file.getFileName());
      boolean second =
          kept.matcher(name).matches() && Files.exists(target) && Files.isSameFile(file, target);
      if (ours.matcher(name).matches() || second) {
        Files.delete(file);
      }
    }
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(target.getParent())) {
      return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  /** From here on nobody else decides; says whether that was to be had. */
  public boolean decide() throws IOException {
    decision = decision == null ? tryLock(1) : decision;
    return decision != null;
  }

  /** Whether the operation was aborted. */
  public boolean aborted() {
    return Files.exists(abortedRecord());
  }

  /** Sees to it that the operation never puts its file in place; after {@link #decide}. */
  public void abort() throws IOException {
    try (FileChannel record =
        FileChannel.open(abortedRecord(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      record.force(true);
    }
    sync(target.resolveSibling("."));
    Failpoint.at("after-abort");
    if (tryLock(0) != null) {
      // Whoever worked on it is dead, and nobody may come to remove what it left.
      tidy();
    }
  }

  /** Removes what is ours and not finished. */
  void discard() throws IOException {
    for (Path file : new Path[] {partial(), pattern()}) {
      for (String ending : new String[] {"", "-journal", "-wal", "-shm"}) {
        Files.deleteIfExists(Path.of(file + ending));
      }
    }
  }

  /** What was renamed stays so. */
  void syncDirectory() throws IOException {
    sync(target.resolveSibling("."));
  }

  static void sync(Path path) throws IOException {
    try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
      open.force(true);
    }
  }

  /** Lets others in. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
