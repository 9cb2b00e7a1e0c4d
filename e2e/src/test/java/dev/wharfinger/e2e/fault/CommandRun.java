package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.Container;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * A pod that runs the migration command of an application: what the application's tool would do to
 * the tables, with the runner's own code before and after it, container by container as the pod has
 * them. What the first containers say nobody is told.
 */
final class CommandRun implements Program {
  private static final int TICKS = 4;
  private static final int FAILED = 1;

  private final Start start;
  private final LocalPaths paths;
  private int ticks;

  CommandRun(Start start) {
    this.start = start;
    this.paths = new LocalPaths(start);
  }

  @Override
  public Status tick() {
    Store store = paths.store();
    if (store == null) {
      return Status.ended(FAILED);
    }
    start.world().schemas().begin(store, start.uid());
    if (++ticks < TICKS) {
      return Status.STARTING;
    }
    try {
      return run(store);
    } catch (RuntimeException e) {
      start.world().happened(World.VIOLATION, "the runner itself fails: " + e);
      return Status.ended(FAILED);
    }
  }

  @Override
  public void stop() {
    start.world().schemas().end(start.uid());
  }

  private Status run(Store store) {
    boolean copied = false;
    for (Container first : start.pod().getSpec().getInitContainers()) {
      if (first.getName().equals("before")) {
        Runner.Ended before = Runner.schemaRevision(paths.options(first.getArgs(), store, null));
        if (before.code() != 0) {
          return Status.ended(before.code(), before.words());
        }
        copied = isEmpty(paths.database(store)) || isCopied(first.getArgs());
      } else {
        command(store, first.getImage(), copied);
      }
    }
    Runner.Ended ended = Runner.schemaRevision(paths.options(start.arguments(), store, null));
    if (ended.code() == 0) {
      start.world().schemas().made(paths.sqlite() ? "sqlite" : "postgresql");
    }
    return Status.ended(ended.code(), ended.words());
  }

  /** Of nothing no copy is made. */
  private static boolean isEmpty(Path database) {
    try {
      return Runner.rows(database, "SELECT name FROM sqlite_schema").isEmpty();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isCopied(List<String> arguments) {
    int at = arguments.indexOf("--copy-to");
    return at >= 0 && Files.exists(paths.onVolume(arguments.get(at + 1)));
  }

  /** Brings the schema to the revision that the image is of. */
  private void command(Store store, String image, boolean copied) {
    start.world().happened("job", "runs the command of image " + image);
    SchemaRuns schemas = start.world().schemas();
    schemas.command(store, image, paths.sqlite() ? copied : schemas.takeBackup(store));
    Runner.brings(paths.database(store), image.contains(":") ? image.replaceAll(".*:", "") : "1");
  }
}
