package dev.wharfinger.runner.backup.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder; an object is a file. Names that begin with a dot are files on their way and no objects.
 * The folder itself must be there: one that is made where a volume ought to be mounted would go
 * with the pod.
 */
public final class FolderStore implements ObjectStore {
  private static final int TRIES = 5;
  private final Path root;
  private final Path base;

  /**
   * Objects below a folder.
   *
   * @param root the folder, which must exist
   * @param prefix a key below it, which need not; empty for none
   */
  public FolderStore(Path root, String prefix) {
    this.root = root;
    this.base = prefix.isEmpty() ? root : root.resolve(Keys.checked(prefix));
  }

  private void present() throws IOException {
    if (!Files.isDirectory(root)) {
      throw new NoSuchFileException(
          root + " is no folder; is the volume mounted? It is not made here");
    }
  }

  private Path path(String key) {
    return base.resolve(Keys.checked(key));
  }

  @Override
  public ObjectWriter create(String key) throws IOException {
    present();
    Path file = path(key);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ObjectExistsException(key);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        makeDirectories(folderOf(file));
        return new FileWriter(key, file);
      } catch (NoSuchFileException e) {
        // Somebody who deleted an object has just removed the folder, which was empty.
        present();
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  /** Makes folders, each of which is on disk before something is put into it. */
  private static void makeDirectories(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    makeDirectories(folderOf(folder));
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    } catch (FileAlreadyExistsException e) {
      // Another one of us was quicker.
      return;
    }
    sync(folderOf(folder));
  }

  @Override
  public InputStream read(String key) throws IOException {
    present();
    try {
      return Files.newInputStream(path(key), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new MissingObjectException(key);
    }
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    present();
    Path start = base.resolve(Keys.checked(prefix.replaceAll("/$", "")));
    List<StoredObject> found = new ArrayList<>();
    if (!Files.isDirectory(start)) {
      return found;
    }
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String key = base.relativize(file).toString();
            if (attributes.isRegularFile() && Keys.valid(key)) {
              found.add(new StoredObject(key, attributes.size()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
            return goneOr(error);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
              throws IOException {
            return goneOr(error);
          }
        });
    found.sort(Comparator.comparing(StoredObject::key));
    return found;
  }

  /** What another backup deletes while we list is not there. */
  private static FileVisitResult goneOr(@Nullable IOException error) throws IOException {
    if (error != null && !(error instanceof NoSuchFileException)) {
      throw error;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public void delete(String key) throws IOException {
    present();
    Path file = path(key);
    try {
      Files.delete(file);
    } catch (NoSuchFileException e) {
      throw new MissingObjectException(key);
    }
    try {
      sync(folderOf(file));
    } catch (NoSuchFileException e) {
      // Another one of us has tidied it away.
      present();
    }
    tidy(folderOf(file));
  }

  /** Removes folders that are empty, as a store without folders would look. */
  private void tidy(Path folder) throws IOException {
    if (folder.equals(base) || !folder.startsWith(base)) {
      return;
    }
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      return;
    }
    tidy(folderOf(folder));
  }

  private static Path folderOf(Path file) {
    return file.resolveSibling(".").normalize();
  }

  static void sync(Path path) throws IOException {
    try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
      open.force(true);
    }
  }

  @Override
  public String describe() {
    return base.toString();
  }

  @Override
  public void close() {
    // Nothing is kept open.
  }
}
