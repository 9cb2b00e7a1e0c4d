package dev.wharfinger.e2e.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod that migrates a schema: the runner's own code and Flyway's, on a SQLite file even where the
 * rest of the world sees a server.
 */
final class FlywayRun implements Program {
  private static final int TICKS = 4;
  private static final int FAILED = 1;
  private static final String DATA = "/data/";
  private static final String FILE = "sqlite:///";

  private final Start start;
  private int ticks;

  FlywayRun(Start start) {
    this.start = start;
  }

  @Override
  public Status tick() {
    boolean sqlite = start.after("--to").startsWith(FILE);
    @Nullable Store store = sqlite ? start.world().file(start.claim()) : start.connect();
    if (store == null) {
      return Status.ended(FAILED);
    }
    start.world().schemas().begin(store, start.uid());
    if (++ticks < TICKS) {
      return Status.STARTING;
    }
    try {
      Runner.Ended ended = Runner.migrateSchema(arguments(store));
      start.world().happened("job", "migrates the schema: " + ended.code() + " " + ended.words());
      if (ended.code() == 0) {
        start.world().schemas().made(sqlite ? "sqlite" : "postgresql");
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

  /** Those of the Job, with paths of this machine. */
  private List<String> arguments(Store store) {
    List<String> arguments = new ArrayList<>();
    String before = "";
    for (String argument : start.arguments().subList(2, start.arguments().size())) {
      arguments.add(
          switch (before) {
            case "--to" -> FILE + target(store, argument);
            case "--locations" -> files().toString();
            case "--copy-to" -> onVolume(expanded(argument)).toString();
            default -> expanded(argument);
          });
      before = argument;
    }
    return arguments;
  }

  private Path target(Store store, String url) {
    return store instanceof Store.Postgres server
        ? Volumes.file(server.volume, Volumes.SERVER)
        : Volumes.file(start.claim(), url.substring((FILE + DATA).length()));
  }

  private Path onVolume(String path) {
    return Volumes.directory(start.claim()).resolve(path.substring(DATA.length()));
  }

  /** As the kubelet does with variables of the container. */
  private String expanded(String argument) {
    String text = argument;
    for (Map.Entry<String, String> variable : start.environment().entrySet()) {
      text = text.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return text;
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
