package dev.wharfinger.runner.backup.sqlite;

import dev.wharfinger.runner.backup.BackupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Whether a folder lets a {@link Swap} work in it. An exchange that was begun can only go on, so
 * this is tried before it, in each folder: what holds for the one with what is staged need not hold
 * for another, which may be a volume of its own.
 */
final class Exchangeable {
  private final Beside beside;

  Exchangeable(Beside beside) {
    this.beside = beside;
  }

  /**
   * Looks at folders.
   *
   * @throws BackupException {@code folder-not-writable} or {@code no-hard-links}
   */
  void check(Set<Path> folders) throws IOException, BackupException {
    Path empty = beside.fresh().resolve("trial");
    Files.deleteIfExists(empty);
    Files.createFile(empty);
    for (Path folder : folders) {
      if (!Files.getAttribute(folder, "unix:dev").equals(Files.getAttribute(empty, "unix:dev"))) {
        throw noLinks(folder, "it is a file system of its own");
      }
      if (Files.isWritable(folder)) {
        link(empty, folder);
      } else if (!Files.getAttribute(folder, "unix:uid")
          .equals(Files.getAttribute(empty, "unix:uid"))) {
        throw BackupException.refused(
            "folder-not-writable",
            folder
                + " is somebody else's, and nothing in it can be replaced; give it to the application's user");
      }
    }
    Files.delete(empty);
  }

  /** Gives an empty file a second name there; where this is killed, the next try removes it. */
  private void link(Path empty, Path folder) throws BackupException {
    Path second = folder.resolve(".wharfinger-trial-" + beside.task());
    try {
      Files.deleteIfExists(second);
      Files.createLink(second, empty);
      Files.delete(second);
    } catch (IOException | UnsupportedOperationException e) {
      throw noLinks(folder, "the second name of a file could not be made: " + e.getMessage());
    }
  }

  private static BackupException noLinks(Path folder, String why) {
    return BackupException.refused(
        "no-hard-links", "nothing can be exchanged safely in " + folder + ": " + why);
  }
}
