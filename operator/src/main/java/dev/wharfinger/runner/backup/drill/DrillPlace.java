package dev.wharfinger.runner.backup.drill;

import dev.wharfinger.runner.backup.Staging;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** A folder of our own for one drill, which is removed with all that is in it. */
final class DrillPlace implements AutoCloseable {
  private final Path own;

  DrillPlace(Path scratch) throws IOException {
    Files.createDirectories(scratch);
    own = scratch.resolve(".wharfinger-drill-" + UUID.randomUUID());
    Files.createDirectory(
        own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  Path at(String name) {
    return own.resolve(name);
  }

  Path make(String name) throws IOException {
    return Files.createDirectory(at(name));
  }

  /** Lets ourselves into what was restored: the application's modes may keep even its owner out. */
  static void open(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.setAttribute(folder, "unix:mode", 0700);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              Files.setAttribute(file, "unix:mode", 0600);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
            // A folder that may not be listed is visited as one that failed.
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !Files.isReadable(file)) {
              Files.setAttribute(file, "unix:mode", 0700);
              open(file);
              return FileVisitResult.CONTINUE;
            }
            throw error;
          }
        });
  }

  static void remove(Path tree) throws IOException {
    open(tree);
    Staging.delete(tree);
  }

  @Override
  public void close() throws IOException {
    remove(own);
  }
}
