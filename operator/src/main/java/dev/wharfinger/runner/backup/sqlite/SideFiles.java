package dev.wharfinger.runner.backup.sqlite;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.Digests;
import dev.wharfinger.runner.backup.RestoreRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Files and folders that belong to the databases, such as the key that their values are encrypted
 * with. A link to a file stands for that file, because the link alone would be worth nothing.
 */
public final class SideFiles {
  private static final List<String> LOGS = List.of("-wal", "-shm", "-journal");
  private static final String KUBELET_LINK = "..data";
  private static final Pattern KUBELET_FOLDER = Pattern.compile("\\.\\.\\d{4}(_\\d\\d){5}\\.\\d+");
  private final Path directory;
  private final List<String> paths;
  private final Set<Object> databases = new HashSet<>();
  private final List<String> passedOver = new ArrayList<>();

  /**
   * A file or a folder.
   *
   * @param path relative to the directory, with slashes
   * @param file where its content is
   */
  public record Entry(String path, Path file, boolean folder) {}

  /**
   * What is declared.
   *
   * @param paths relative to {@code directory}; {@code .} for all of it
   * @param declared databases, which are left out with their logs
   */
  public SideFiles(Path directory, List<String> paths, List<Declared> declared) throws IOException {
    this.directory = directory;
    this.paths = paths;
    for (Declared database : declared) {
      databases.add(identity(database.file()));
      for (String ending : LOGS) {
        databases.add(Path.of(database.file().toRealPath() + ending));
      }
    }
  }

  /** Tells a file from every other one, by whatever name. */
  static Object identity(Path file) throws IOException {
    return Objects.requireNonNullElse(
        Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class).fileKey(),
        file.toRealPath());
  }

  /**
   * Sockets, what a repair of the file system found, and the like, met by the last {@link #walk}.
   */
  public List<String> passedOver() {
    return passedOver;
  }

  /**
   * What is there now, by path.
   *
   * @throws BackupException {@code extra-path-missing}, {@code link-to-folder}, {@code
   *     link-leads-nowhere}, {@code link-leads-outside} or {@code database-in-extra-path}
   */
  public List<Entry> walk() throws IOException, BackupException {
    passedOver.clear();
    TreeMap<String, Entry> found = new TreeMap<>();
    for (String path : paths) {
      Path start = path.equals(".") ? directory : directory.resolve(Declared.relative(path));
      if (!Files.exists(start)) {
        throw BackupException.refused(
            "extra-path-missing", start + " is declared and not there, or is a link to nothing");
      }
      if (Files.isDirectory(start)) {
        if (!path.equals(".")) {
          found.put(path, new Entry(path, start, true));
        }
        folder(path.equals(".") ? "" : path + "/", start, found);
      } else {
        file(path, start, found);
      }
    }
    return List.copyOf(found.values());
  }

  private void folder(String prefix, Path folder, TreeMap<String, Entry> found)
      throws IOException, BackupException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        String name = String.valueOf(child.getFileName());
        String path = prefix + name;
        if (kubelets(child, name)
            || prefix.isEmpty() && (name.equals(RestoreRecord.FILE) || Beside.ours(child))) {
          continue;
        }
        if (prefix.isEmpty() && name.equals("lost+found")) {
          lostAndFound(child);
          continue;
        }
        if (name.indexOf('\uFFFD') >= 0) {
          throw BackupException.refused(
              "name-outside", "a file in " + folder + " has a name that is no text; rename it");
        }
        // What restore would not take must not get into a set.
        Declared.relative(path);
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          found.put(path, new Entry(path, child, true));
          folder(path + "/", child, found);
        } else if (Files.isDirectory(child)) {
          throw BackupException.refused(
              "link-to-folder",
              child + " is a link to a folder; declare that folder, or the files by name");
        } else {
          file(path, child, found);
        }
      }
    }
  }

  /**
   * Whether it is what mounted Secrets and ConfigMaps are made of: a link to a folder that is named
   * by its time. The files are links through these, and stand for themselves.
   */
  private static boolean kubelets(Path child, String name) {
    if (name.equals(KUBELET_LINK)) {
      return Files.isSymbolicLink(child);
    }
    return KUBELET_FOLDER.matcher(name).matches()
        && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)
        && Files.isSymbolicLink(child.resolveSibling(KUBELET_LINK));
  }

  /** The file system's own; told of where there is something in it, as far as we may look. */
  private void lostAndFound(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      passedOver.add("lost+found");
    } else if (Files.isReadable(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
        found.forEach(child -> passedOver.add("lost+found/" + child.getFileName()));
      }
    }
  }

  private void file(String path, Path file, TreeMap<String, Entry> found)
      throws IOException, BackupException {
    Path real;
    try {
      real = file.toRealPath();
    } catch (NoSuchFileException e) {
      if (Files.isSymbolicLink(file)) {
        throw BackupException.refused("link-leads-nowhere", file + " is a link to nothing");
      }
      // Deleted since the folder was read.
      return;
    }
    if (!real.startsWith(directory.toRealPath())) {
      // Whoever may write here must not have our own credentials put into the set.
      throw BackupException.refused(
          "link-leads-outside",
          file + " leads out of " + directory + "; put the file itself there");
    }
    if (!Files.isRegularFile(real)) {
      passedOver.add(path);
    } else if (!databases.contains(real) && !databases.contains(identity(real))) {
      if (UndeclaredDatabases.isDatabase(real)) {
        throw BackupException.refused(
            "database-in-extra-path",
            path + " is a database, which must not be copied as a file; declare it too");
      }
      found.put(path, new Entry(path, real, false));
    }
  }

  /** Hashes of all files there, by path; empty for a folder. */
  public TreeMap<String, String> fingerprints() throws IOException, BackupException {
    TreeMap<String, String> all = new TreeMap<>();
    for (Entry entry : walk()) {
      try {
        all.put(entry.path(), entry.folder() ? "" : hash(entry.file()));
      } catch (NoSuchFileException e) {
        // Deleted meanwhile; that will be seen as a change if it was there before.
        all.remove(entry.path());
      }
    }
    return all;
  }

  private static String hash(Path file) throws IOException {
    Digests digests = new Digests();
    try (InputStream in = digests.reading(Files.newInputStream(file))) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return digests.hex();
  }
}
