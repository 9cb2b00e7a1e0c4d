package dev.wharfinger.runner.backup.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Databases in the directory that nobody declared, so nobody would restore them. Looked for before
 * SQLite opens anything: opening a file beside SQLite and closing it drops SQLite's own locks.
 */
public final class UndeclaredDatabases {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST = 20;

  /** Copies that applications and this program keep beside the database. */
  private static final Pattern COPIES =
      Pattern.compile(
          ".*\\.(backup|pre-migrate|recover|corrupt|before|wharfinger)[-.].*"
              + "|wharfinger-snapshot-.*",
          Pattern.DOTALL);

  private UndeclaredDatabases() {}

  /** Whether a file begins as SQLite's do. */
  static boolean isDatabase(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  /** Paths relative to {@code directory}, the first twenty; what cannot be read is passed over. */
  public static List<String> in(Path directory, List<Declared> declared) throws IOException {
    Set<Object> known = new HashSet<>();
    for (Declared database : declared) {
      known.add(SideFiles.identity(database.file()));
    }
    TreeSet<String> found = new TreeSet<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return directory.equals(folder.getParent()) && Beside.ours(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()
                && Files.isReadable(file)
                && !COPIES.matcher(String.valueOf(file.getFileName())).matches()
                && !known.contains(SideFiles.identity(file))
                && isDatabase(file)) {
              found.add(directory.relativize(file).toString());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException error) {
            return FileVisitResult.CONTINUE;
          }
        });
    return found.stream().limit(MOST).toList();
  }
}
