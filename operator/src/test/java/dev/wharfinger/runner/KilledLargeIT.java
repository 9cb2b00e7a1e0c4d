package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A transfer in chunks that dies: it goes on where it was, or is taken back without a trace. */
class KilledLargeIT {
  private static final List<String> HALF_DONE =
      List.of(
          "ledger-open",
          "chunk-copied-1",
          "after-chunk-1",
          "chunk-copied-3",
          "after-chunk-3",
          "chunks-copied",
          "after-indexes",
          "after-sequences",
          "after-verify",
          "before-marker",
          "after-marker");

  private static final List<String> SELECTION =
      List.of("ledger-open", "after-chunk-3", "after-marker");

  private static final String KEPT_ASIDE =
      "SELECT count(*) FROM pg_class WHERE relname LIKE 'replaced%'";

  private static PostgresServer server;
  private static Path source;
  private static String moved;
  private static String derived;
  @TempDir private static Path sources;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    source = FaultSource.make(sources.resolve("app.db"), 2000);
    moved = inOneTransaction(FaultSource.TARGET);
    derived = inOneTransaction(List.of());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String inOneTransaction(List<String> target) throws Exception {
    FaultRig rig = Chunks.rig(server, source, Files.createTempDirectory(sources, "golden"), target);
    assertThat(RunnerMain.run(rig.transfer())).isZero();
    return server.dump(rig.database);
  }

  static Stream<Arguments> places() {
    return HALF_DONE.stream()
        .flatMap(place ->
            Stream.of(false, true)
                .filter(d ->
                    FaultRig.FULL || (SELECTION.contains(place) && (!d || place.contains("chunk"))))
                .map(d -> Arguments.of(place, d)));
  }

  @ParameterizedTest(name = "{0}, derived: {1}")
  @MethodSource("places")
  void T29_killedHalfWayItGoesOnOrIsTakenBack(String failpoint, boolean derive) throws Exception {
    FaultRig rig = Chunks.rig(server, source, directory, derive ? List.of() : FaultSource.TARGET);
    rig.dieAt(failpoint, Chunks.args(rig, 1));
    Chunks.assertHalfDone(rig);
    FaultRig takenBack = rig.fork();

    // The size of chunks, and that there are any, is what it was begun with.
    rig.again("moved", derive ? derived : moved, "--workers", "1");
    Chunks.assertNoLedger(rig);

    takenBack.dieAt("before-taken-back", takenBack.abort());
    Chunks.assertHalfDone(takenBack);
    assertThat(RunnerMain.run(takenBack.abort())).isZero();
    takenBack.assertAborted();
    Chunks.assertNoLedger(takenBack);
    assertThat(RunnerMain.run(takenBack.transfer())).isEqualTo(ExitCode.FAILED);
    takenBack.assertAborted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunk-copied-1", "after-chunk-1", "after-marker"})
  void T29_killedHalfWayTheRowsThatGaveWayComeBack(String failpoint) throws Exception {
    List<String> target = new ArrayList<>(FaultSource.TARGET);
    target.addAll(FaultSource.TARGET_ROWS);
    FaultRig rig = Chunks.rig(server, source, directory, target);
    List<String> replacing = new ArrayList<>(Chunks.args(rig, 1));
    replacing.add("--replace-target-rows");
    rig.dieAt(failpoint, replacing);
    Chunks.assertHalfDone(rig);
    FaultRig takenBack = rig.fork();

    rig.again("moved", moved, "--workers", "1", "--replace-target-rows");
    assertThat(rig.query(KEPT_ASIDE)).isEqualTo("0");

    takenBack.dieAt("before-taken-back", takenBack.abort());
    assertThat(RunnerMain.run(takenBack.abort())).isZero();
    takenBack.assertAborted();
    assertThat(takenBack.query(KEPT_ASIDE)).isEqualTo("0");
  }

  @Test
  void T29_killedBeforeItsLedgerItHasDoneNothing() throws Exception {
    FaultRig rig = Chunks.rig(server, source, directory, FaultSource.TARGET);
    rig.dieAt("before-ledger", Chunks.args(rig, 1));
    rig.assertNothingHappened();
    assertThat(RunnerMain.run(rig.abort())).isZero();
    rig.assertAborted();
  }

  @Test
  void T27_killedAgainAndAgainItGetsToItsEnd() throws Exception {
    FaultRig rig = Chunks.rig(server, source, directory, FaultSource.TARGET);
    long seed = Long.getLong("faults.seed", System.nanoTime());
    System.out.println("again with -Dfaults.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < (FaultRig.FULL ? 30 : 3) && rig.markers().isEmpty(); i++) {
      Process process = FaultRig.start(directory, List.of(), Chunks.args(rig, 2));
      Paused.until(() -> rig.out().contains("copying") || !process.isAlive());
      process.waitFor(random.nextLong(300), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      rig.awaitNobody();
    }
    assertThat(RunnerMain.run(Chunks.args(rig, 2))).isZero();
    rig.assertMoved(moved);
    Chunks.assertNoLedger(rig);
  }

  /** The rate is of the rows that are copied now. */
  @Test
  void whatWasCopiedBeforeIsWhereItsProgressBegins() throws Exception {
    FaultRig rig = Chunks.rig(server, source, directory, FaultSource.TARGET);
    rig.dieAt("after-chunk-3", Chunks.args(rig, 1));
    Chunks.assertHalfDone(rig);
    long done = Long.parseLong(rig.query("SELECT sum(rows) FROM wharfinger.chunk"));
    assertThat(done).isPositive();

    assertThat(FaultRig.start(directory, List.of(), Chunks.args(rig, 1)).waitFor()).isZero();

    assertThat(rig.out().lines().filter(line -> line.contains("copying")).findFirst().orElse(""))
        .matches(".*\\b" + done + "\\b.*");
  }
}
