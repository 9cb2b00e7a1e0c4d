package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.Stream.Builder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

  private static PostgresServer server;
  private static String moved;
  @TempDir private static Path sources;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    FaultSource.make(sources.resolve("app.db"), 2000);
    FaultRig golden =
        Paused.rig(
            server,
            sources,
            FaultSource.copy(sources.resolve("app.db"), sources.resolve("golden.db")));
    assertThat(RunnerMain.run(golden.transfer())).isZero();
    moved = server.dump(golden.database);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
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
        Paused.rig(
            server,
            directory,
            FaultSource.copy(sources.resolve("app.db"), directory.resolve("app.db")));
    Process transfer;
    try (Connection holder = server.connect(rig.database);
        Statement lock = holder.createStatement()) {
      int key = moment == Moment.ANSWER ? Moment.INDEX.ordinal() : moment.ordinal();
      lock.execute("SELECT pg_advisory_lock(7, " + key + ")");
      transfer = FaultRig.start(directory, List.of(), rig.transfer());
      Paused.awaitTransfer(rig, "advisory", transfer);
      if (moment == Moment.ANSWER) {
        answerNoCommit(rig);
        lock.execute("SELECT pg_advisory_unlock(7, " + key + ")");
        Paused.awaitTransfer(rig, "SyncRep", transfer);
      }
      kill(rig, sessionAlone);
      Paused.until(() -> !holder.isValid(1));
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

  @Test
  void T29_serverNoticesInTheMiddleOfAStatementThatTheRunnerIsDead() throws Exception {
    FaultRig rig =
        Paused.rig(
            server,
            directory,
            FaultSource.copy(sources.resolve("app.db"), directory.resolve("app.db")));
    try (Connection holder = server.connect(rig.database);
        Statement lock = holder.createStatement()) {
      lock.execute("SELECT pg_advisory_lock(7, " + Moment.INDEX.ordinal() + ")");
      Process transfer = FaultRig.start(directory, List.of(), rig.transfer());
      Paused.awaitTransfer(rig, "advisory", transfer);

      transfer.destroyForcibly().waitFor();

      // The lock is never given, and nobody gives up waiting for it: only noticing ends the
      // session.
      rig.awaitNobody();
    }
    rig.assertNothingHappened();
    rig.again("moved", moved);
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

  /** From now on a COMMIT is done, and waits for a standby that is not there before it says so. */
  private static void answerNoCommit(FaultRig rig) throws SQLException {
    server.admin("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server.admin("postgres", "SELECT pg_reload_conf()");
    // Some moments pass until all sessions know; one that waits shows that they do.
    Paused.until(() -> {
      Thread probe = Thread.ofPlatform().daemon().start(() -> commitSomething(rig));
      Paused.until(() -> !probe.isAlive() || Paused.waiting(rig, "wait_event = 'SyncRep'"));
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
}
