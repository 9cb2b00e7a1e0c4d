package dev.wharfinger.runner.backup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Takes back the names that a killed restore gave to some of its files. They are told by the file
 * itself: each is a second name of one that is still staged. Whatever else lies there belongs to
 * somebody, and then nothing is taken back.
 */
final class HalfPlaced {
  private final Path directory;
  private final Path staged;

  HalfPlaced(Path directory, Path staged) {
    this.directory = directory;
    this.staged = staged;
  }

  /**
   * Takes them back.
   *
   * @throws BackupException {@code directory-not-empty}, before anything is taken
   */
  void takeBack() throws IOException, BackupException {
    Path stranger = stranger(directory, staged);
    if (stranger != null) {
      throw Staging.notEmpty(directory, String.valueOf(directory.relativize(stranger)));
    }
    clear(directory);
    // On disk before what they are told by goes.
    Staging.sync(directory);
  }

  /** The first thing that is not a second name of what is staged; or null. */
  private @Nullable Path stranger(Path placed, Path from) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(placed)) {
      for (Path one : all) {
        if (passed(one)) {
          continue;
        }
        Path twin = from.resolve(String.valueOf(one.getFileName()));
        boolean folder = Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS);
        if (folder && Files.isDirectory(twin, LinkOption.NOFOLLOW_LINKS)) {
          Path inside = stranger(one, twin);
          if (inside != null) {
            return inside;
          }
        } else if (folder
            || !Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS)
            || !Files.isRegularFile(twin, LinkOption.NOFOLLOW_LINKS)
            || !Files.isSameFile(one, twin)) {
          return one;
        }
      }
    }
    return null;
  }

  private void clear(Path placed) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(placed)) {
      for (Path one : all) {
        if (passed(one)) {
          continue;
        }
        if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
          // It may have got a mode by which nobody deletes in it.
          Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rwx------"));
          clear(one);
        }
        Files.delete(one);
      }
    }
  }

  private boolean passed(Path one) {
    return directory.equals(one.getParent()) && Staging.ours(one);
  }
}
