package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.Stream.Builder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PostgreSQL, or the one session, is killed in the middle of a statement. The statement is stopped
 * there by an advisory lock that the test holds.
 */
class KilledPostgresIT {
  /** Where the server is in its work. */
  enum Moment {
    COPY,
    INDEX,
    /** In COMMIT, with nothing decided. */
    COMMIT,
    /** In COMMIT, with all on disk and the answer not sent. */
    ANSWER
  }

  private static final List<String> TARGET =
      List.of(
          """
          CREATE FUNCTION pause(key int, v bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS
          $$BEGIN IF v = 1000 THEN PERFORM pg_advisory_xact_lock_shared(7, key); END IF;
          RETURN v; END$$\
          """,
          """
          CREATE FUNCTION pause_commit() RETURNS trigger LANGUAGE plpgsql AS
          $$BEGIN PERFORM public.pause(2, 1000); RETURN NULL; END$$\
          """,
          "CREATE TABLE parent (id integer PRIMARY KEY, name text NOT NULL)",
          "CREATE TABLE log (at timestamp NOT NULL, amount double precision, payload bytea)",
          "CREATE TABLE child (id bigserial PRIMARY KEY, parent_id bigint REFERENCES parent,"
              + " body text, paused bigint GENERATED ALWAYS AS (public.pause(0, id)) STORED)",
          "CREATE INDEX child_paused ON child (public.pause(1, id))");

  private static PostgresServer server;
  private static String moved;
  @TempDir private static Path sources;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    FaultSource.make(sources.resolve("app.db"), 2000);
    FaultRig golden =
        rig(sources, FaultSource.copy(sources.resolve("app.db"), sources.resolve("golden.db")));
    assertThat(RunnerMain.run(golden.transfer())).isZero();
    moved = server.dump(golden.database);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static FaultRig rig(Path directory, Path source) throws Exception {
    String database = FaultRig.database(server, TARGET);
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      Marker.prepare(connection);
      statement.execute(
          "CREATE CONSTRAINT TRIGGER pause AFTER INSERT ON wharfinger.marker"
              + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pause_commit()");
    }
    return new FaultRig(server, directory, source, database);
  }

  static Stream<Arguments> deaths() {
    Builder<Arguments> all = Stream.builder();
    for (Moment moment : Moment.values()) {
      for (boolean alone : new boolean[] {false, true}) {
        if (FaultRig.FULL || moment == Moment.ANSWER || alone == (moment == Moment.INDEX)) {
          all.add(Arguments.of(moment, alone));
        }
      }
    }
    return all.build();
  }

  @ParameterizedTest(name = "{0}, the session alone: {1}")
  @MethodSource("deaths")
  void T28_postgresqlIsKilled(Moment moment, boolean sessionAlone) throws Exception {
    FaultRig rig =
        rig(directory, FaultSource.copy(sources.resolve("app.db"), directory.resolve("app.db")));
    Process transfer;
    try (Connection holder = server.connect(rig.database);
        Statement lock = holder.createStatement()) {
      int key = moment == Moment.ANSWER ? Moment.INDEX.ordinal() : moment.ordinal();
      lock.execute("SELECT pg_advisory_lock(7, " + key + ")");
      transfer = FaultRig.start(directory, List.of(), rig.transfer());
      awaitTransfer(rig, "advisory", transfer);
      if (moment == Moment.ANSWER) {
        answerNoCommit(rig);
        lock.execute("SELECT pg_advisory_unlock(7, " + key + ")");
        awaitTransfer(rig, "SyncRep", transfer);
      }
      kill(rig, sessionAlone);
      until(() -> !holder.isValid(1));
    }

    assertThat(transfer.waitFor()).as(rig.out()).isEqualTo(ExitCode.FAILED);
    assertThat(rig.outcome()).isEqualTo("failed");
    assertThat(rig.out().contains("outcome is unknown"))
        .as(rig.out())
        .isEqualTo(moment == Moment.COMMIT || moment == Moment.ANSWER);

    if (!sessionAlone) {
      server.run();
    }
    server.awaitReady();
    server.admin("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
    server.admin("postgres", "SELECT pg_reload_conf()");
    if (moment == Moment.ANSWER) {
      rig.assertMoved(moved);
      rig.again("already-moved", moved);
    } else {
      rig.assertNothingHappened();
      rig.again("moved", moved);
    }
  }

  private static void kill(FaultRig rig, boolean sessionAlone) throws SQLException {
    if (!sessionAlone) {
      server.kill();
      return;
    }
    String session =
        rig.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'wharfinger'");
    ProcessHandle.of(Long.parseLong(session)).orElseThrow().destroyForcibly();
  }

  private static void awaitTransfer(FaultRig rig, String event, Process transfer) {
    until(() -> {
      assertThat(transfer.isAlive()).as(rig.out()).isTrue();
      return waiting(rig, "application_name = 'wharfinger' AND wait_event = '" + event + "'");
    });
  }

  private static boolean waiting(FaultRig rig, String who) throws SQLException {
    return !rig.query("SELECT count(*) FROM pg_stat_activity WHERE " + who).equals("0");
  }

  /** From now on a COMMIT is done, and waits for a standby that is not there before it says so. */
  private static void answerNoCommit(FaultRig rig) throws SQLException {
    server.admin("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server.admin("postgres", "SELECT pg_reload_conf()");
    // Some moments pass until all sessions know; one that waits shows that they do.
    until(() -> {
      Thread probe = Thread.ofPlatform().daemon().start(() -> commitSomething(rig));
      until(() -> !probe.isAlive() || waiting(rig, "wait_event = 'SyncRep'"));
      return probe.isAlive();
    });
  }

  private static void commitSomething(FaultRig rig) {
    try (Connection connection = server.connect(rig.database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMPORARY TABLE something ()");
    } catch (SQLException e) {
      // The server was killed meanwhile, as is meant to be.
    }
  }

  private static void until(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }
}
