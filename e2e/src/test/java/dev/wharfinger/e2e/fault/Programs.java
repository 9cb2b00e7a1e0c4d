package dev.wharfinger.e2e.fault;

import dev.wharfinger.e2e.fault.Store.Postgres;
import dev.wharfinger.e2e.fault.World.Commit;
import java.util.Map;
import java.util.Objects;

/** The programs of our pods, as far as the rest of the world can tell them from the real ones. */
final class Programs {
  private static final int FAILED = 1;
  private static final int REFUSED = 2;
  private static final int HAD_COMMITTED = 3;

  private Programs() {}

  /** Makes the declared file. */
  record InitSqlite(Start start) implements Program {
    @Override
    public Status tick() {
      boolean required = start.arguments().contains("--require");
      return Status.ended(start.world().makeFile(start.claim(), required) ? 0 : REFUSED);
    }
  }

  /** Finds that every value can be moved. */
  record Preflight(Start start) implements Program {
    @Override
    public Status tick() {
      Postgres target = start.connect();
      return Status.ended(target == null ? FAILED : 0);
    }

    @Override
    public String log() {
      return report("planned");
    }
  }

  /** Locks, copies for a moment, commits, and holds the lock. */
  static final class Transfer implements Program {
    private static final int TICKS_OF_COPYING = 4;

    private final Start start;
    private int ticks;
    private boolean holding;

    Transfer(Start start) {
      this.start = start;
    }

    @Override
    public Status tick() {
      if (holding) {
        return Status.READY;
      }
      World world = start.world();
      Postgres target = start.connect();
      if (target == null || !world.lock(start.claim(), start.uid())) {
        return Status.ended(FAILED);
      }
      String operation = start.after("--operation");
      Commit marker = world.marker(target, operation);
      if (marker == Commit.ABORTED) {
        return Status.ended(FAILED);
      }
      world.seal(start.claim(), operation);
      if (marker == null && ++ticks < TICKS_OF_COPYING) {
        return Status.STARTING;
      }
      if (marker == null && !world.commit(target, operation, start.claim(), start.uid())) {
        return Status.ended(FAILED);
      }
      holding = true;
      return Status.READY;
    }

    @Override
    public void stop() {
      start.world().unlock(start.uid());
    }

    @Override
    public String log() {
      return holding ? report("moved") : "";
    }
  }

  /** Decides that the operation never commits, or finds that it has. */
  record Abort(Start start) implements Program {
    @Override
    public Status tick() {
      World world = start.world();
      String operation = start.after("--operation");
      if (start.backward()) {
        return ended(world.abort(start.claim(), operation));
      }
      Postgres target = start.connect();
      return target == null ? Status.ended(FAILED) : ended(world.abort(target, operation));
    }

    private static Status ended(Commit outcome) {
      return Status.ended(outcome == Commit.COMMITTED ? HAD_COMMITTED : 0);
    }
  }

  /** A PostgreSQL server on its claim, or without one on nothing that lasts. */
  static final class Server implements Program {
    private final Start start;
    private final String name;

    Server(Start start) {
      this.start = start;
      name = Tls.name(start.pod());
      String volume = start.claim().isEmpty() ? start.uid() : start.claim();
      start.world().start(name, volume, start.bootstrapped());
      start.world().serve(name, Tls.of(start.pod(), start.mounts()));
    }

    @Override
    public Status tick() {
      // Its readiness probe has it read its files again.
      start.world().serve(name, Tls.of(start.pod(), start.mounts()));
      return Status.READY;
    }

    @Override
    public void stop() {
      start.world().stop(name);
    }
  }

  /** Stores one row at a time where the binding pointed when it started. */
  static final class Application implements Program {
    static final String ON_SQLITE = "starts to write to the file: ";
    static final String ON_POSTGRESQL = "starts to write to the database: ";
    static final String STOPPED = "has stopped: ";

    private final Start start;
    private final Map<String, String> binding;
    private int rows;

    Application(Start start) {
      this.start = start;
      this.binding = start.secrets().values().iterator().next();
      boolean file = "sqlite".equals(binding.get("type"));
      happens(file ? ON_SQLITE : ON_POSTGRESQL);
    }

    private void happens(String what) {
      start.world().happened("app", what + start.pod().getMetadata().getName());
    }

    @Override
    public void stop() {
      happens(STOPPED);
    }

    @Override
    public Status tick() {
      String row = start.pod().getMetadata().getName() + "#" + rows;
      boolean stored =
          "sqlite".equals(binding.get("type"))
              ? start.world().writeFile(start.claim(), row)
              : start
                  .world()
                  .writeDatabase(
                      value("host").replaceAll("\\..*", ""), value("password"), client(), row);
      if (stored) {
        rows++;
      }
      return Status.READY;
    }

    /** It reads the file with the certificates each time that it connects. */
    private Tls.Client client() {
      String ca = start.mounts().secret("app-binding").getOrDefault("ca.crt", "");
      return new Tls.Client(value("sslmode"), ca, value("host"));
    }

    private String value(String key) {
      return Objects.requireNonNullElse(binding.get(key), "");
    }
  }

  static String report(String outcome) {
    return """
    {"event":"progress","phase":"copying","rows":1,"totalRows":1}
    {"event":"report","report":{"outcome":"%s","findings":[]}}
    """
        .formatted(outcome);
  }
}
