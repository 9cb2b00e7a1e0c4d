package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.backward.Content;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database that a move in chunks has half filled is nothing to move back. */
class UnfinishedForwardIT {
  private static final String[] TIMES = {"--format", "log.at=YYYY-MM-DD HH:MM:SS"};
  private static PostgresServer server;
  private static Path source;
  private static Map<String, List<String>> rows;
  @TempDir private static Path sources;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    source = FaultSource.make(sources.resolve("app.db"), 400);
    rows = Content.of(FaultSource.copy(source, sources.resolve("look.db")));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private FaultRig halfDone(String failpoint, boolean derive) throws Exception {
    FaultRig rig = Chunks.rig(server, source, directory, derive ? List.of() : FaultSource.TARGET);
    rig.dieAt(failpoint, Chunks.args(rig, 1));
    Chunks.assertHalfDone(rig);
    return rig;
  }

  /** A move back of the same database into a directory of its own. */
  private BackwardRig back(FaultRig forward, String name, boolean withFile) throws Exception {
    Path own = Files.createDirectory(directory.resolve(name));
    Path data = Files.createDirectory(own.resolve("data"));
    if (withFile) {
      FaultSource.copy(source, data.resolve("app.db"));
    }
    return new BackwardRig(server, forward.database, own);
  }

  @ParameterizedTest(name = "{0}, derived: {1}, into a file that is there: {2}")
  @CsvSource({
    "ledger-open, false, true",
    "after-chunk-3, false, true",
    "after-chunk-3, true, false",
    "chunks-copied, false, false",
    "after-marker, true, true",
  })
  void T29_halfOfTheRowsIsNotMovedBack(String failpoint, boolean derive, boolean withFile)
      throws Exception {
    FaultRig forward = halfDone(failpoint, derive);
    BackwardRig refused = back(forward, "refused", withFile);

    for (String[] more : new String[][] {{"--dry-run"}, {}}) {
      assertThat(refused.run(refused.transfer(more))).as(refused.out()).isEqualTo(ExitCode.REFUSED);
      assertThat(refused.report()).contains("unfinished-transfer", forward.operation.toString());
      refused.assertUntouched();
      assertThat(refused.files()).allMatch(name -> name.matches("app\\.db(-wal|-shm)?"));
    }

    // Nor has the refusal done anything to the move that is unfinished.
    assertThat(RunnerMain.run(forward.transfer("--workers", "1"))).isZero();
    BackwardRig back = back(forward, "back", withFile);
    assertThat(back.run(back.transfer(withFile ? new String[0] : TIMES))).as(back.out()).isZero();
    assertThat(sorted(back.content())).isEqualTo(sorted(rows));
  }

  /** As they are stored; the order of rows without a number is nobody's. */
  private static Map<String, List<String>> sorted(Map<String, List<String>> tables) {
    Map<String, List<String>> sorted = new java.util.TreeMap<>();
    for (String table : List.of("parent", "child", "log")) {
      sorted.put(table, tables.getOrDefault(table, List.of()).stream().sorted().toList());
    }
    return sorted;
  }

  @Test
  void T29_afterItWasTakenBackThereIsNothingUnfinished() throws Exception {
    FaultRig forward = halfDone("after-chunk-3", false);
    assertThat(RunnerMain.run(forward.abort())).isZero();

    BackwardRig back = back(forward, "back", true);

    assertThat(back.run(back.transfer("--dry-run"))).as(back.out()).isZero();
    back.assertUntouched();
  }
}
