package dev.wharfinger.e2e.fault;

import dev.wharfinger.testing.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The operator's classes, loaded and linked once for all of its many starts. It is made by the
 * first operator of a jar, which has to end in peace for it.
 */
final class AotCache {
  private static final Path FILE = Floor.directory().resolve("operator.aot").toAbsolutePath();
  private static boolean making;

  private AotCache() {}

  static List<String> options() {
    return making
        ? List.of("-XX:AOTCacheOutput=" + FILE)
        : Files.exists(FILE)
            ? List.of("-XX:AOTCache=" + FILE, "-Xlog:aot=off", "-Xlog:cds=off")
            : List.of();
  }

  /** Makes it, unless it is there and newer than the jar. */
  static void make(Floor floor) {
    try {
      Path jar = Repository.root().resolve("operator/target/wharfinger.jar");
      if (Files.exists(FILE)
          && Files.getLastModifiedTime(FILE).compareTo(Files.getLastModifiedTime(jar)) > 0) {
        return;
      }
      Files.deleteIfExists(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    making = true;
    try (Lane lane = Lane.idle(floor, "warm-up", java.util.Map.of())) {
      lane.operator().start();
      // What is not done here is loaded anew in every case.
      Deeds.createSqlite(lane);
      Deeds.move(lane);
      lane.operator().stop();
    } finally {
      making = false;
    }
  }
}
