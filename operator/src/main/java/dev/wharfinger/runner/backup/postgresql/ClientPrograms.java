package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.backup.BackupException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's own programs of one major version. That of the server, exactly: an older pg_dump
 * refuses, and what a newer one writes, the server's own pg_restore cannot read.
 *
 * @param directory where they are
 * @param major version
 */
public record ClientPrograms(Path directory, int major) {
  private static final Pattern VERSION = Pattern.compile("\\) (\\d+)");
  private static final Path PACKAGED = Path.of("/usr/lib/postgresql");

  /**
   * Finds them: in {@code given}, on the PATH, and where packages put them.
   *
   * @throws BackupException {@code no-client}, which says which versions are here
   */
  public static ClientPrograms of(int major, List<Path> given)
      throws IOException, InterruptedException, BackupException {
    Set<Path> places = new LinkedHashSet<>(given);
    places.add(PACKAGED.resolve(Integer.toString(major)).resolve("bin"));
    for (String place : String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1)) {
      places.add(Path.of(place));
    }
    Set<Integer> found = new TreeSet<>();
    for (Path place : places) {
      if (Files.isExecutable(place.resolve("pg_dump"))
          && Files.isExecutable(place.resolve("pg_restore"))) {
        int version = version(place);
        if (version == major) {
          return new ClientPrograms(place, major);
        }
        found.add(version);
      }
    }
    throw BackupException.refused(
        "no-client",
        "the server is PostgreSQL %d, and pg_dump is here of %s; say --programs where %d is"
            .formatted(major, found.isEmpty() ? "no version" : found, major));
  }

  private static int version(Path place) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(place.resolve("pg_dump").toString(), "--version")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher version = VERSION.matcher(said);
    return process.waitFor() == 0 && version.find() ? Integer.parseInt(version.group(1)) : 0;
  }

  /** A program with its arguments. */
  List<String> command(String name, String... arguments) {
    List<String> all = new ArrayList<>(List.of(directory.resolve(name).toString()));
    all.addAll(List.of(arguments));
    return all;
  }
}
