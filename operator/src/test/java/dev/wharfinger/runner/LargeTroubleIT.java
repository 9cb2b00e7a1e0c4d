package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a transfer in chunks while it is at work, and how little memory it needs. */
class LargeTroubleIT {
  private static PostgresServer server;
  private static Path source;
  @TempDir private static Path sources;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    source = FaultSource.make(sources.resolve("app.db"), 2000);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void rowsThatSomebodyWritesAreNoticedAndTheTransferCanBeTakenBack() throws Exception {
    FaultRig rig = Chunks.rig(server, source, directory, FaultSource.TARGET);
    rig.dieAt("chunks-copied", Chunks.args(rig, 1));
    rig.query("INSERT INTO log VALUES (now(), 1, NULL) RETURNING 1");

    assertThat(RunnerMain.run(Chunks.args(rig, 1))).isEqualTo(ExitCode.FAILED);
    assertThat(Files.readString(directory.resolve("report.json"))).contains("transfer-abort");
    Chunks.assertHalfDone(rig);

    assertThat(RunnerMain.run(rig.abort())).isZero();
    rig.assertAborted();
  }

  @Test
  void rowsThatCameBeforeTheFirstChunkAreNotEmptiedAway() throws Exception {
    FaultRig rig = Chunks.rig(server, source, directory, FaultSource.TARGET);
    rig.dieAt("ledger-open", Chunks.args(rig, 1));
    rig.query("INSERT INTO log VALUES (now(), 1, NULL) RETURNING 1");

    assertThat(FaultRig.start(directory, List.of(), Chunks.args(rig, 1)).waitFor())
        .isEqualTo(ExitCode.FAILED);
    assertThat(rig.out()).contains("somebody writes there");
    assertThat(rig.query("SELECT count(*) FROM log")).isEqualTo("1");

    assertThat(RunnerMain.run(rig.abort())).isZero();
    Chunks.assertNoLedger(rig);
    assertThat(rig.query("SELECT count(*) FROM log")).isEqualTo("1");
  }

  @Test
  void aTargetThatWasChangedMeanwhileIsNotGoneOnWith() throws Exception {
    FaultRig rig = Chunks.rig(server, source, directory, FaultSource.TARGET);
    rig.dieAt("after-chunk-3", Chunks.args(rig, 1));
    server.admin(rig.database, "ALTER TABLE parent ALTER name TYPE varchar(50)");

    Process process = FaultRig.start(directory, List.of(), Chunks.args(rig, 1));
    assertThat(process.waitFor()).as(rig.out()).isEqualTo(ExitCode.FAILED);
    assertThat(rig.out()).contains("taken back");
    Chunks.assertNoLedger(rig);
    assertThat(rig.query("SELECT count(*) FROM child")).isEqualTo("0");
  }

  @Test
  void workersEndWithTheSessionThatHasTheLock() throws Exception {
    FaultRig rig =
        Paused.rig(server, directory, FaultSource.copy(source, directory.resolve("app.db")));
    Process transfer;
    try (Connection holder = server.connect(rig.database);
        Statement lock = holder.createStatement()) {
      lock.execute("SELECT pg_advisory_lock(7, 0)");
      transfer = FaultRig.start(directory, List.of(), Chunks.args(rig, 2));
      Paused.awaitTransfer(rig, "advisory", transfer);

      lock.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database"
              + " WHERE locktype = 'advisory' AND classid <> 7 AND datname = current_database()");
      assertThat(transfer.waitFor()).as(rig.out()).isEqualTo(ExitCode.FAILED);
    }
    rig.awaitNobody();
    Chunks.assertHalfDone(rig);
    assertThat(RunnerMain.run(Chunks.args(rig, 2))).isZero();
    assertThat(rig.query("SELECT count(*) || ' ' || count(DISTINCT id) FROM child"))
        .isEqualTo("2000 2000");
  }

  @Test
  void abortWhileItWorksEndsIt() throws Exception {
    FaultRig rig =
        Paused.rig(server, directory, FaultSource.copy(source, directory.resolve("app.db")));
    Process transfer;
    Process abort;
    Path other = Files.createDirectory(directory.resolve("abort"));
    try (Connection holder = server.connect(rig.database);
        Statement lock = holder.createStatement()) {
      lock.execute("SELECT pg_advisory_lock(7, 0)");
      transfer = FaultRig.start(directory, List.of(), Chunks.args(rig, 2));
      Paused.awaitTransfer(rig, "advisory", transfer);
      abort = FaultRig.start(other, List.of(), rig.abort());
      Paused.until(
          () -> Paused.waiting(rig, "application_name = 'wharfinger' AND wait_event = 'relation'"));
    }
    assertThat(abort.waitFor()).as(Files.readString(other.resolve("out"))).isZero();
    assertThat(transfer.waitFor()).as(rig.out()).isEqualTo(ExitCode.FAILED);
    assertThat(rig.out()).contains("aborted");
    rig.assertAborted();
    Chunks.assertNoLedger(rig);
  }

  @Test
  void aSmallHeapIsEnoughForALargeDatabase() throws Exception {
    Path big = BigSource.make(directory.resolve("app.db"), 4000);
    FaultRig rig =
        new FaultRig(server, directory, big, FaultRig.database(server, BigSource.TARGET));
    Process process =
        FaultRig.start(
            directory,
            List.of("-Xmx64m"),
            rig.transfer("--large", "always", "--chunk-size", "33554432", "--workers", "2"));
    assertThat(process.waitFor()).as(rig.out()).isZero();
    assertThat(rig.query("SELECT count(*) || ' ' || sum(length(body)) FROM big"))
        .isEqualTo("4001 " + (4000 * 65536L + 1));
  }
}
