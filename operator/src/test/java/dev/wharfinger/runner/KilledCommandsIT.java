package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shorter commands die at a known place, and are run again. */
class KilledCommandsIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "file-begun, WAL, 0",
    "file-begun, DELETE, 0",
    "file-made, WAL, 0",
    "file-made, DELETE, 0",
    "file-named, WAL, 1",
    "file-named, DELETE, 1"
  })
  void T29_initSqliteShowsWholeFilesOnly(String failpoint, String mode, int made) throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    List<String> args =
        List.of(
            "init-sqlite",
            "--directory",
            data.toString(),
            "--database",
            "a.db",
            "--database",
            "b.db",
            "--journal-mode",
            mode);
    Process process =
        FaultRig.start(directory, List.of("-Dwharfinger.failpoint=" + failpoint), args);
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("out"))).isEqualTo(137);

    assertThat(databases(data)).hasSize(made).allSatisfy(file -> assertEmptyDatabase(file, mode));
    assertThat(RunnerMain.run(args)).isZero();

    try (var files = Files.list(data)) {
      assertThat(files).containsExactlyInAnyOrder(data.resolve("a.db"), data.resolve("b.db"));
    }
    assertThat(databases(data)).allSatisfy(file -> assertEmptyDatabase(file, mode));
  }

  private static List<Path> databases(Path data) throws Exception {
    try (var files = Files.list(data)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).toList();
    }
  }

  private void assertEmptyDatabase(Path file, String mode) throws Exception {
    // In a copy: whoever opens a database in WAL mode makes files beside it.
    Path copy = Files.copy(file, Files.createTempDirectory(directory, "look").resolve("copy.db"));
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        var statement = connection.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1))
          .isEqualToIgnoringCase(mode);
      assertThat(statement.executeQuery("PRAGMA integrity_check").getString(1)).isEqualTo("ok");
      assertThat(statement.executeQuery("SELECT count(*) FROM sqlite_schema").getInt(1)).isZero();
    }
  }

  @Test
  void T32_abortDecidesWithItsMarkerAndNotBefore() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Path source = FaultSource.make(directory.resolve("app.db"), 100);
      String database = FaultRig.database(server, FaultSource.TARGET);
      FaultRig undecided = new FaultRig(server, directory, source, database);
      undecided.dieAt("before-abort", undecided.abort());
      undecided.assertNothingHappened();
      FaultRig decided = undecided.fork();

      assertThat(RunnerMain.run(undecided.transfer())).isZero();
      assertThat(undecided.markers()).isEqualTo("committed");

      decided.dieAt("after-abort", decided.abort());
      decided.assertAborted();
      assertThat(RunnerMain.run(decided.transfer())).isEqualTo(ExitCode.FAILED);
      assertThat(RunnerMain.run(decided.abort())).isZero();
      decided.assertAborted();
    }
  }
}
