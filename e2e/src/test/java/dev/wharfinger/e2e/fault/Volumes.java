package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files that migrations of a schema are run on: real ones, of SQLite, beside the rows that
 * {@link World} keeps. The tables of a server are in a file too.
 */
final class Volumes {
  /** What stands for the database of a server. */
  static final String SERVER = "server.db";

  private static final String APPLIED =
      "SELECT version || CASE success WHEN 1 THEN '' ELSE ' failed' END"
          + " FROM flyway_schema_history ORDER BY installed_rank";

  private Volumes() {}

  /** The directory of a volume. */
  static Path directory(String uid) {
    try {
      return Files.createDirectories(place(uid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path place(String uid) {
    return Floor.directory().toAbsolutePath().resolve("volumes").resolve(uid);
  }

  /** A file that is there, empty where nobody has made it. */
  static Path file(String uid, String name) {
    Path file = directory(uid).resolve(name);
    try {
      return Files.exists(file) ? file : Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file of the volumes of a lane, with the migrations that were run on it. */
  static Map<String, String> of(Lane lane) {
    Map<String, String> all = new TreeMap<>();
    lane.client()
        .persistentVolumeClaims()
        .inNamespace(lane.namespace())
        .list()
        .getItems()
        .forEach(claim -> {
          String text = text(claim);
          if (!text.isEmpty()) {
            all.put("Volume/" + claim.getMetadata().getName(), text);
          }
        });
    return all;
  }

  private static String text(PersistentVolumeClaim claim) {
    Path directory = place(claim.getMetadata().getUid());
    if (!Files.exists(directory)) {
      return "";
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<String> lines =
          files.map(f -> f.getFileName() + ": " + String.join(", ", applied(f))).sorted().toList();
      return String.join("\n", lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The versions in the order in which they were run. */
  private static List<String> applied(Path file) {
    try {
      return Runner.rows(file, APPLIED);
    } catch (SQLException e) {
      return List.of("no migration");
    }
  }
}
