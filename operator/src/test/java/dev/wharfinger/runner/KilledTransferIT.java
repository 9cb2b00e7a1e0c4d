package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A transfer that dies at a known place: all or nothing is there, and both ways on lead on. */
class KilledTransferIT {
  /** In the order in which a transfer passes them. */
  private static final List<String> BEFORE_THE_COMMIT =
      List.of(
          "after-lock",
          "during-snapshot",
          "snapshot-made",
          "after-snapshot",
          "after-plan",
          "marker-schema",
          "marker-prepared",
          "after-truncate",
          "after-table-1",
          "after-table-2",
          "after-table-3",
          "after-indexes",
          "after-sequences",
          "after-verify",
          "before-marker",
          "after-marker");

  private static final List<String> AFTER_THE_COMMIT =
      List.of("after-commit", "before-report", "holding");

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
    moved = withoutFault(false);
    derived = withoutFault(true);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String withoutFault(boolean derive) throws Exception {
    FaultRig rig = rig(Files.createTempDirectory(sources, "golden"), derive);
    assertThat(RunnerMain.run(rig.transfer())).isZero();
    return server.dump(rig.database);
  }

  private static String moved(boolean derive) {
    return derive ? derived : moved;
  }

  private static FaultRig rig(Path directory, boolean derive) throws Exception {
    return new FaultRig(
        server,
        directory,
        FaultSource.copy(source, directory.resolve("app.db")),
        FaultRig.database(server, derive ? List.of() : FaultSource.TARGET));
  }

  private FaultRig killed(String failpoint, boolean derive) throws Exception {
    FaultRig rig = rig(directory, derive);
    List<String> args = new ArrayList<>(rig.transfer("--snapshot-dir", snapshots()));
    if (failpoint.equals("holding")) {
      args.addAll(List.of("--hold", "--port", "0"));
    }
    rig.dieAt(failpoint, args);
    return rig;
  }

  private String snapshots() {
    return directory.resolve("snapshots").toString();
  }

  private static Stream<Arguments> places(List<String> names) {
    Stream<Arguments> existing = names.stream().map(name -> Arguments.of(name, false));
    Stream<Arguments> derived =
        names.stream()
            .filter(
                name -> FaultRig.FULL || List.of("after-indexes", "after-commit").contains(name))
            .filter(name -> !name.equals("after-truncate"))
            .map(name -> Arguments.of(name, true));
    return Stream.concat(existing, derived);
  }

  static Stream<Arguments> beforeTheCommit() {
    return places(BEFORE_THE_COMMIT);
  }

  static Stream<Arguments> afterTheCommit() {
    return places(AFTER_THE_COMMIT);
  }

  @ParameterizedTest(name = "{0}, derived: {1}")
  @MethodSource("beforeTheCommit")
  void T29_killedBeforeItsCommitItStartsOverOrIsTakenBack(String failpoint, boolean derive)
      throws Exception {
    FaultRig rig = killed(failpoint, derive);
    rig.assertNothingHappened();
    FaultRig takenBack = rig.fork();

    rig.again("moved", moved(derive), "--snapshot-dir", snapshots());
    try (var left = Files.list(Path.of(snapshots()))) {
      assertThat(left).containsExactly(Path.of(snapshots(), "lock"));
    }

    assertThat(RunnerMain.run(takenBack.abort())).isZero();
    assertThat(RunnerMain.run(takenBack.transfer())).isEqualTo(ExitCode.FAILED);
    takenBack.assertAborted();
  }

  @ParameterizedTest(name = "{0}, derived: {1}")
  @MethodSource("afterTheCommit")
  void T29_killedAfterItsCommitItOnlyGoesForward(String failpoint, boolean derive)
      throws Exception {
    FaultRig rig = killed(failpoint, derive);
    rig.assertMoved(moved(derive));

    assertThat(RunnerMain.run(rig.abort())).isEqualTo(TransferAbort.COMMITTED);
    rig.assertMoved(moved(derive));
    rig.again("already-moved", moved(derive));
  }
}
