package dev.wharfinger.runner.backup;

import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place of our own inside the directory that is restored into. Everything is made and checked
 * there before the first name that the application knows appears; nothing that is there is ever
 * replaced.
 */
public final class Staging implements AutoCloseable {
  private static final String LOCK = ".wharfinger-restore-lock";

  /** Beside the staged files: some of them may have their names already. */
  private static final String PLACING = "placing";

  private static final String FILES = "files";

  private static final Pattern OURS =
      Pattern.compile("\\.wharfinger-restore-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final Path directory;
  private final Path own;
  private final FileChannel lock;

  /** Whether names may have been given that only the staged files tell from others. */
  private boolean unfinished;

  private Staging(Path directory, FileChannel lock) throws IOException {
    this.directory = directory;
    this.lock = lock;
    this.own = directory.resolve(".wharfinger-restore-" + UUID.randomUUID());
    Files.createDirectory(
        own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createDirectory(files());
  }

  /**
   * Enters an empty directory. What a killed restore staged there is removed.
   *
   * @param directory made if only the directory above it is there
   * @throws BackupException {@code directory-not-empty}, {@code directory-missing} or {@code
   *     restore-running}
   */
  public static Staging enter(Path directory) throws IOException, BackupException {
    return enter(directory, false);
  }

  /**
   * The same.
   *
   * @param again whether a restore that was killed between two names is taken back too: nobody has
   *     used what it placed
   */
  public static Staging enter(Path directory, boolean again) throws IOException, BackupException {
    if (!Files.exists(directory)) {
      if (!Files.isDirectory(directory.resolveSibling("."))) {
        throw BackupException.refused(
            "directory-missing", directory.resolveSibling(".").normalize() + " is not there");
      }
      Files.createDirectory(directory);
      sync(directory.resolveSibling("."));
    }
    if (!again || halfPlaced(directory) == null) {
      refuseOthers(directory);
    }
    FileChannel lock = lock(directory);
    try {
      Path half = again ? halfPlaced(directory) : null;
      if (half != null) {
        new HalfPlaced(directory, half.resolve(FILES)).takeBack();
      }
      // Again: whoever had the lock may have put something in place since.
      for (Path left : refuseOthers(directory)) {
        delete(left);
      }
      return new Staging(directory, lock);
    } catch (IOException | BackupException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Removes what a restore that placed everything had no time to remove. */
  public static void clean(Path directory) throws IOException, BackupException {
    List<Path> left = staged(directory);
    if (left.isEmpty() && !Files.exists(directory.resolve(LOCK))) {
      return;
    }
    try (FileChannel lock = lock(directory)) {
      for (Path one : staged(directory)) {
        delete(one);
      }
      Files.deleteIfExists(directory.resolve(LOCK));
    }
  }

  /**
   * Keeps other restores out of a directory until it is closed.
   *
   * @throws BackupException {@code restore-running}
   */
  public static Closeable hold(Path directory) throws IOException, BackupException {
    FileChannel lock = lock(directory);
    return () -> {
      Files.deleteIfExists(directory.resolve(LOCK));
      lock.close();
    };
  }

  private static FileChannel lock(Path directory) throws IOException, BackupException {
    FileChannel lock =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (locked(lock) == null) {
      lock.close();
      throw BackupException.failed(
          "restore-running", "another restore into " + directory + " is at work");
    }
    return lock;
  }

  /** What a killed restore staged and has begun to place, or null. */
  private static @Nullable Path halfPlaced(Path directory) throws IOException {
    return staged(directory).stream()
        .filter(one -> Files.exists(one.resolve(PLACING)))
        .findFirst()
        .orElse(null);
  }

  private static List<Path> staged(Path directory) throws IOException {
    List<Path> staged = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path one : all) {
        if (isStaging(one)) {
          staged.add(one);
        }
      }
    }
    return staged;
  }

  private static boolean isStaging(Path one) {
    return OURS.matcher(String.valueOf(one.getFileName())).matches()
        && Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether it is nothing that anybody would miss. */
  static boolean ours(Path one) {
    String name = String.valueOf(one.getFileName());
    return isStaging(one) || name.equals(LOCK) || name.equals("lost+found");
  }

  static BackupException notEmpty(Path directory, String name) {
    return BackupException.refused(
        "directory-not-empty",
        directory
            + " is not empty ("
            + name.replaceAll("\\p{Cntrl}", "?")
            + "); nothing is ever replaced: restore into a new directory");
  }

  private static @Nullable FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Refuses a directory with anything but what restores staged there; gives that. */
  private static List<Path> refuseOthers(Path directory) throws IOException, BackupException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path one : all) {
        if (!ours(one)) {
          throw notEmpty(directory, String.valueOf(one.getFileName()));
        }
      }
    }
    return staged(directory);
  }

  /** Whether a restore that is told again has begun here and was not done to its end. */
  public static boolean begun(Path directory) throws IOException {
    if (Files.exists(directory.resolve(RestoreRecord.FILE))) {
      return false;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, ".wharfinger-restore-*")) {
      return all.iterator().hasNext();
    }
  }

  /** Where what is to be placed is made. */
  public Path files() {
    return own.resolve(FILES);
  }

  /** A file that is not to be placed. */
  public Path aside(String name) {
    return own.resolve(name);
  }

  /** What is left to do once things have their names. */
  public interface Finish {
    void run() throws IOException;
  }

  /**
   * Gives everything its place, or nothing. Called when all of it was checked and every file is on
   * disk.
   *
   * @throws java.nio.file.FileAlreadyExistsException where somebody else's file has appeared
   */
  public void place(Finish finish) throws IOException {
    List<Path> placed = new ArrayList<>();
    Failpoint.at("before-place");
    try {
      place(files(), directory, placed);
      finish.run();
    } catch (IOException | RuntimeException e) {
      // Of a restore that is told again the next one takes back what it can prove to be its own:
      // this one may have slept, and the names may be an application's by now.
      if (!unfinished) {
        takeBack(placed, e);
      }
      throw e;
    }
    Failpoint.at("after-place");
  }

  /**
   * The same for a restore that is told again until it is done: whatever it dies of, the next one
   * knows its files.
   *
   * @param record says that all of it has its place; the last name to be given
   */
  public void place(Finish finish, RestoreRecord record) throws IOException {
    unfinished = true;
    Files.createFile(own.resolve(PLACING));
    sync(own);
    sync(directory);
    place(finish);
    Path staged = own.resolve("record");
    Files.write(staged, record.text(), StandardOpenOption.CREATE_NEW);
    sync(staged);
    Failpoint.at("before-record");
    Files.createLink(directory.resolve(RestoreRecord.FILE), staged);
    sync(directory);
    unfinished = false;
    Failpoint.at("after-record");
  }

  private static void place(Path from, Path to, List<Path> placed) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(from)) {
      for (Path one : all) {
        Path target = to.resolve(String.valueOf(one.getFileName()));
        if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(target);
          placed.add(target);
          place(one, target, placed);
        } else {
          // A rename would replace what has appeared there; a second name is refused.
          Files.createLink(target, one);
          placed.add(target);
          Failpoint.at("during-place");
        }
      }
    }
    sync(to);
  }

  /** Removes the names that were just given; folders only while they are empty. */
  private static void takeBack(List<Path> placed, Exception cause) {
    for (Path one : placed.reversed()) {
      try {
        Files.delete(one);
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** What was written or renamed stays so. */
  public static void sync(Path path) throws IOException {
    try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
      open.force(true);
    }
  }

  /** Removes a folder and all below it, which must be writable. */
  public static void delete(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Removes what was staged; what was placed has its own name. */
  @Override
  public void close() throws IOException {
    if (unfinished) {
      lock.close();
      return;
    }
    delete(own);
    Files.deleteIfExists(directory.resolve(LOCK));
    lock.close();
  }
}
