package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transfer that is killed at some moment or other, or that gets no more memory. */
class KilledAnytimeIT {
  private static PostgresServer server;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private FaultRig rig(String name, Path source, List<String> target) throws Exception {
    Path own = Files.createDirectory(directory.resolve(name));
    return new FaultRig(
        server,
        own,
        FaultSource.copy(source, own.resolve("app.db")),
        FaultRig.database(server, target));
  }

  private static List<String> args(FaultRig rig) {
    return rig.transfer("--snapshot-dir", rig.directory.resolve("snapshots").toString());
  }

  /** Starts it, and waits until it is at work. */
  private static Process working(FaultRig rig) throws Exception {
    Process process = FaultRig.start(rig.directory, List.of(), args(rig));
    Awaitility.await()
        .pollDelay(0, TimeUnit.MILLISECONDS)
        .pollInterval(1, TimeUnit.MILLISECONDS)
        .until(() -> rig.out().contains("snapshot") || !process.isAlive());
    return process;
  }

  @Test
  void T27_killedAtAnyMomentItIsDoneOrNot() throws Exception {
    Path source = FaultSource.make(directory.resolve("app.db"), 10_000);
    FaultRig golden = rig("golden", source, FaultSource.TARGET);
    Process undisturbed = working(golden);
    long begun = System.nanoTime();
    assertThat(undisturbed.waitFor()).as(golden.out()).isZero();
    long micros = (System.nanoTime() - begun) / 1000;
    String moved = server.dump(golden.database);
    long seed = Long.getLong("faults.seed", System.nanoTime());
    System.out.println("again with -Dfaults.seed=" + seed);
    Random random = new Random(seed);

    for (int i = 0; i < (FaultRig.FULL ? 60 : 6); i++) {
      FaultRig rig = rig("run" + i, source, FaultSource.TARGET);
      Process process = working(rig);
      process.waitFor(random.nextLong(micros), TimeUnit.MICROSECONDS);
      int code = process.destroyForcibly().waitFor();
      rig.awaitNobody();

      boolean committed = rig.markers().equals("committed");
      if (committed) {
        rig.assertMoved(moved);
      } else {
        assertThat(code).as("run %s of seed %s", i, seed).isEqualTo(137);
        rig.assertNothingHappened();
      }
      rig.again(committed ? "already-moved" : "moved", moved);
    }
  }

  @Test
  void T27_aRowThatMemoryIsNotEnoughForIsRefusedAndNothingIsThere() throws Exception {
    List<String> target = List.of("CREATE TABLE big (id integer PRIMARY KEY, body bytea)");
    for (int percent : new int[] {10, 50, 90}) {
      Path source =
          FaultSource.make(
              directory.resolve(percent + ".db"),
              List.of(
                  "CREATE TABLE big (id integer PRIMARY KEY, body blob)",
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
                      + " INSERT INTO big SELECT i, zeroblob(iif(i = "
                      + percent
                      + ", 30000000, 10 * i)) FROM n"),
              List.of());
      FaultRig rig = rig("heap" + percent, source, target);

      Process process = FaultRig.start(rig.directory, List.of("-Xmx40m"), args(rig));
      assertThat(process.waitFor()).as(rig.out()).isEqualTo(ExitCode.REFUSED);
      assertThat(rig.out())
          .contains("big.body: row-too-large-for-memory, 1 times, rows [" + percent + "]");
      assertThat(rig.outcome()).isEqualTo("refused");
      rig.assertNothingHappened();

      assertThat(RunnerMain.run(args(rig))).isZero();
      assertThat(rig.query("SELECT count(*) || ' ' || sum(length(body)) FROM big"))
          .isEqualTo("100 " + (30_000_000 + 50_500 - 10 * percent));
      rig.assertSourceUntouched();
    }
  }
}
