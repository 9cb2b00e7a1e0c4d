package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A move back that dies: the old file is there or the new one, and both ways on lead on. */
class KilledBackwardIT {
  /** In the order in which a move passes them. */
  private static final List<String> WHILE_THE_FILE_IS_MADE =
      List.of(
          "back-entered",
          "back-snapshot",
          "back-locked",
          "back-pattern",
          "back-schema",
          "back-kept",
          "back-table-1",
          "back-table-2",
          "back-table-3",
          "back-indexes",
          "back-made",
          "back-verified",
          "back-synced",
          "back-decided");

  private static final List<String> WHILE_THE_OLD_ONE_IS_PUT_ASIDE =
      List.of("back-given-up", "back-alone", "back-kept-old", "back-cleared");

  private static final List<String> WHEN_THE_NEW_ONE_IS_THERE =
      List.of("back-replaced", "back-settled", "before-report", "holding");

  /** Without a file there is nothing that could tell it. */
  private static final String[] DERIVED = {"--format", "log.at=YYYY-MM-DD HH:MM:SS"};

  private static PostgresServer server;
  private static String database;
  private static Path old;
  private static Map<String, List<String>> moved;
  private static Map<String, List<String>> derived;
  @TempDir private static Path files;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    List<String> statements = new ArrayList<>(FaultSource.TARGET);
    statements.addAll(FaultSource.TARGET_ROWS);
    database = FaultRig.database(server, statements);
    old = FaultSource.make(files.resolve("app.db"), 200);
    moved = withoutFault(false);
    derived = withoutFault(true);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Map<String, List<String>> withoutFault(boolean derive) throws Exception {
    BackwardRig rig = rig(Files.createTempDirectory(files, "golden"), derive);
    assertThat(RunnerMain.run(rig.transfer(more(derive)))).isZero();
    return rig.content();
  }

  private static String[] more(boolean derive) {
    return derive ? DERIVED : new String[0];
  }

  private static BackwardRig rig(Path directory, boolean derive) throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    if (!derive) {
      FaultSource.copy(old, data.resolve("app.db"));
    }
    return new BackwardRig(server, database, directory);
  }

  private BackwardRig killed(String failpoint, boolean derive) throws Exception {
    BackwardRig rig = rig(directory, derive);
    List<String> args = new ArrayList<>(rig.transfer(more(derive)));
    if (failpoint.equals("holding")) {
      args.addAll(List.of("--hold", "--port", "0"));
    }
    rig.dieAt(failpoint, args);
    return rig;
  }

  private static Stream<Arguments> places(List<String> names) {
    List<String> sample = List.of("back-pattern", "back-table-2", "back-cleared", "back-replaced");
    return Stream.concat(
        names.stream().map(name -> Arguments.of(name, false)),
        names.stream()
            .filter(name -> FaultRig.FULL || sample.contains(name))
            .filter(name -> !name.matches("back-(given-up|alone|kept-old)"))
            .map(name -> Arguments.of(name, true)));
  }

  static Stream<Arguments> whileTheFileIsMade() {
    return places(WHILE_THE_FILE_IS_MADE);
  }

  static Stream<Arguments> whileTheOldOneIsPutAside() {
    return places(WHILE_THE_OLD_ONE_IS_PUT_ASIDE);
  }

  static Stream<Arguments> whenTheNewOneIsThere() {
    return places(WHEN_THE_NEW_ONE_IS_THERE);
  }

  @ParameterizedTest(name = "{0}, derived: {1}")
  @MethodSource("whileTheFileIsMade")
  void T29_theOldFileIsUntouched(String failpoint, boolean derive) throws Exception {
    BackwardRig rig = killed(failpoint, derive);
    rig.assertUntouched();
    bothWaysOn(rig, derive);
  }

  @ParameterizedTest(name = "{0}, derived: {1}")
  @MethodSource("whileTheOldOneIsPutAside")
  void T29_theOldFileStillHasAllItsRows(String failpoint, boolean derive) throws Exception {
    BackwardRig rig = killed(failpoint, derive);
    rig.assertOld();
    bothWaysOn(rig, derive);
  }

  private static void bothWaysOn(BackwardRig rig, boolean derive) throws Exception {
    BackwardRig takenBack = rig.fork();
    rig.again("moved", derive ? derived : moved, more(derive));
    takenBack.abortedForGood(more(derive));
  }

  @ParameterizedTest(name = "{0}, derived: {1}")
  @MethodSource("whenTheNewOneIsThere")
  void T29_itOnlyGoesForward(String failpoint, boolean derive) throws Exception {
    BackwardRig rig = killed(failpoint, derive);
    Map<String, List<String>> expected = derive ? derived : moved;
    rig.assertNew(expected);

    assertThat(RunnerMain.run(rig.abort())).isEqualTo(TransferAbort.COMMITTED);
    rig.assertNew(expected);
    rig.again("already-moved", expected, more(derive));
  }

  @ParameterizedTest
  @CsvSource({"before-abort, false", "after-abort, true"})
  void T32_abortDecidesWithItsRecordAndNotBefore(String failpoint, boolean decided)
      throws Exception {
    BackwardRig rig = killed("back-kept-old", false);
    rig.dieAt(failpoint, rig.abort());
    rig.assertOld();
    if (decided) {
      rig.abortedForGood();
    } else {
      rig.again("moved", moved);
    }
  }

  @Test
  void T27_killedAtAnyMomentOneOfTheTwoIsThere() throws Exception {
    BackwardRig golden = rig(Files.createDirectory(directory.resolve("golden")), false);
    long begun = System.nanoTime();
    assertThat(golden.run(golden.transfer())).as(golden.out()).isZero();
    long micros = (System.nanoTime() - begun) / 1000;
    long seed = Long.getLong("faults.seed", System.nanoTime());
    System.out.println("again with -Dfaults.seed=" + seed);
    Random random = new Random(seed);

    for (int i = 0; i < (FaultRig.FULL ? 60 : 6); i++) {
      BackwardRig rig = rig(Files.createDirectory(directory.resolve("run" + i)), false);
      Process process = FaultRig.start(rig.directory, List.of(), rig.transfer());
      process.waitFor(random.nextLong(micros / 3, micros), TimeUnit.MICROSECONDS);
      process.destroyForcibly().waitFor();

      boolean done = rig.content().equals(moved);
      if (done) {
        rig.assertNew(moved);
      } else {
        rig.assertOld();
      }
      rig.again(done ? "already-moved" : "moved", moved);
    }
  }
}
