package dev.wharfinger.runner.transfer.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What lies beside a database: files that an application made because its driver took a URL, or a
 * part of one, for a file's name, and logs that lost their database. Rows in them are rows that
 * nobody finds.
 */
public final class Surroundings {
  /** With rows that are not in the database itself yet; {@code -shm} has none. */
  private static final List<String> LOGS = List.of("-wal", "-journal");

  private static final List<String> SIDE_FILES = List.of("-wal", "-shm", "-journal");

  /** The kinds on which a write-ahead log is not safe, as the kernel names them. */
  private static final Set<String> NETWORK = Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p");

  private static final int LONGEST = 100;
  private static final int MOST = 10;

  private Surroundings() {}

  /** Whether {@code path} is on a file system that reaches over a network, or on FUSE. */
  public static boolean onNetwork(Path path) throws IOException {
    return network(Files.getFileStore(path).type());
  }

  /**
   * Whether a kind of file system, as {@code /proc/mounts} names it, reaches over a network. {@code
   * fuseblk} is a local disk.
   */
  static boolean network(String type) {
    return NETWORK.contains(type) || type.equals("fuse") || type.startsWith("fuse.");
  }

  /** What a directory has, in words, for whoever misses a file there. */
  public static String seen(Path directory) {
    if (!Files.isDirectory(directory)) {
      return "its directory is not there either";
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names = files.map(f -> shown(String.valueOf(f.getFileName()))).sorted().toList();
      return names.isEmpty()
          ? "its directory is empty"
          : "its directory has "
              + String.join(", ", names.subList(0, Math.min(names.size(), MOST)))
              + (names.size() > MOST ? " and " + (names.size() - MOST) + " more" : "");
    } catch (IOException | UncheckedIOException e) {
      return "its directory cannot be read";
    }
  }

  /**
   * What is wrong in a directory, by file name, each with the reason. Names are shortened and
   * without control characters.
   */
  public static TreeMap<String, String> strays(Path directory) throws IOException {
    Set<String> names;
    try (Stream<Path> files = Files.list(directory)) {
      names =
          files
              .map(f -> String.valueOf(f.getFileName()))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    TreeMap<String, String> strays = new TreeMap<>();
    for (String name : names) {
      String why = why(name, names);
      if (why != null) {
        strays.put(shown(name), why);
      }
    }
    return strays;
  }

  private static @Nullable String why(String name, Set<String> all) {
    String database = database(name);
    if (!database.equals(name)) {
      boolean log = LOGS.stream().anyMatch(name::endsWith);
      return log && !all.contains(database) && !name.startsWith(".")
          ? "a log without its database, which was moved or deleted without it"
          : null;
    }
    if (name.matches("(?s)(jdbc:)?sqlite(\\+[a-z]+)?:.*")) {
      return "made by a driver that takes a file's name and was given a sqlite: URL";
    }
    if (name.startsWith("file:")) {
      return "made by a driver that takes a file's name and was given a file: URL";
    }
    if (name.contains("?")) {
      return "made by a driver that took the parameters of a file: or sqlx URL, such as ?mode=rwc or ?_journal_mode=WAL,"
          + " for a part of the name";
    }
    return name.equals(":memory:")
        ? "made by a driver that took the word for a database in memory for a file's name"
        : null;
  }

  /** The database that a side file belongs to; any other name as it is. */
  private static String database(String name) {
    return SIDE_FILES.stream()
        .filter(name::endsWith)
        .map(ending -> name.substring(0, name.length() - ending.length()))
        .findFirst()
        .orElse(name);
  }

  private static String shown(String name) {
    String plain = name.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
  }
}
