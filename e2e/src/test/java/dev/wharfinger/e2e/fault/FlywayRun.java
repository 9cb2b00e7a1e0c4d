package dev.wharfinger.e2e.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod that migrates a schema: the runner's own code and Flyway's, on a SQLite file. */
final class FlywayRun implements Program {
  private static final int TICKS = 4;
  private static final int FAILED = 1;

  private final Start start;
  private int ticks;

  FlywayRun(Start start) {
    this.start = start;
  }

  @Override
  public Status tick() {
    LocalPaths paths = new LocalPaths(start);
    Store store = paths.store();
    if (store == null) {
      return Status.ended(FAILED);
    }
    start.world().schemas().begin(store, start.uid());
    if (++ticks < TICKS) {
      return Status.STARTING;
    }
    try {
      Runner.Ended ended = Runner.migrateSchema(paths.options(start.arguments(), store, files()));
      start.world().happened("job", "migrates the schema: " + ended.code() + " " + ended.words());
      if (ended.code() == 0) {
        start.world().schemas().made(paths.sqlite() ? "sqlite" : "postgresql");
      }
      return Status.ended(ended.code(), ended.words());
    } catch (RuntimeException e) {
      start.world().happened(World.VIOLATION, "the runner itself fails: " + e);
      return Status.ended(FAILED);
    }
  }

  @Override
  public void stop() {
    start.world().schemas().end(start.uid());
  }

  /** The ConfigMap as the pod has it mounted. */
  private Path files() {
    String config = mounted();
    Path directory = Volumes.directory("migrations-of-" + start.uid());
    try {
      for (Map.Entry<String, String> file :
          start.mounts().config(config == null ? "" : config).entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable String mounted() {
    return start.pod().getSpec().getVolumes().stream()
        .filter(volume -> volume.getConfigMap() != null)
        .map(volume -> volume.getConfigMap().getName())
        .findFirst()
        .orElse(null);
  }
}
