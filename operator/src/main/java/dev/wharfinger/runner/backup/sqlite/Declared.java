package dev.wharfinger.runner.backup.sqlite;

import dev.wharfinger.runner.backup.BackupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A database that is to be in the set.
 *
 * @param name relative to the directory, as it was declared
 * @param file where it is
 */
public record Declared(String name, Path file) {

  /**
   * Finds the declared databases.
   *
   * @return by name
   * @throws BackupException {@code database-missing}, {@code name-outside} or {@code
   *     database-declared-twice}
   */
  public static List<Declared> of(Path directory, List<String> names)
      throws IOException, BackupException {
    List<Declared> all = new ArrayList<>();
    Set<Path> real = new HashSet<>();
    for (String name : new TreeSet<>(names)) {
      Path file = directory.resolve(relative(name));
      if (!Files.isRegularFile(file)) {
        throw BackupException.refused(
            "database-missing",
            file + " is declared and not there; nothing else was backed up in its place");
      }
      if (!real.add(file.toRealPath())) {
        throw BackupException.refused(
            "database-declared-twice", name + " is another name of a database that is declared");
      }
      all.add(new Declared(name, file));
    }
    return all;
  }

  /**
   * A path below a directory.
   *
   * @throws BackupException {@code name-outside}
   */
  public static Path relative(String name) throws BackupException {
    try {
      Path path = Path.of(name);
      boolean plain =
          !name.isBlank()
              && !path.isAbsolute()
              && name.chars().noneMatch(Character::isISOControl)
              && path.normalize().toString().equals(name)
              && !path.startsWith("..");
      if (plain) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    throw BackupException.refused(
        "name-outside",
        "a name is a path below the directory, as short as it can be said and without control"
            + " characters: not '"
            + name.replaceAll("\\p{Cntrl}", "?")
            + "'");
  }
}
