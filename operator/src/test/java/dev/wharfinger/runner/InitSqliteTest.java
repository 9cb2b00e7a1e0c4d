package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code init-sqlite} makes, and where it makes nothing. */
class InitSqliteTest {
  @TempDir private Path directory;

  /** No network file system can be had here; what the kernel would say is put in its place. */
  @Test
  void CLB_06_noWriteAheadLogOnANetworkFileSystem() throws Exception {
    InitSqlite onNetwork = new InitSqlite(path -> true);

    String said = run(onNetwork, "WAL", ExitCode.NETWORK_FILE_SYSTEM);
    assertThat(said).contains("network file system", "nothing was made");
    assertThat(directory.resolve("app.db")).doesNotExist();

    said = run(onNetwork, "DELETE", ExitCode.DONE);
    assertThat(said).contains("locks may not be reliable");
    assertThat(directory.resolve("app.db")).exists();

    // What is there is in use already, and is left alone.
    assertThat(run(onNetwork, "WAL", ExitCode.DONE)).contains("exists and is left alone");
  }

  @ParameterizedTest
  @CsvSource({"WAL, wal", "DELETE, delete"})
  void CLO_10_theFileKeepsItsJournalMode(String asked, String kept) throws Exception {
    run(new InitSqlite(), asked, ExitCode.DONE);

    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("app.db"));
        Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("PRAGMA journal_mode")) {
      assertThat(mode.getString(1)).isEqualTo(kept);
    }
  }

  @Test
  void OXY_40_whatIsThereInsteadOfTheFileIsNamed() throws Exception {
    Files.createFile(directory.resolve("application.db"));

    assertThat(run(new InitSqlite(), "WAL", ExitCode.REFUSED, "--require", "app.db"))
        .contains("app.db is missing", "its directory has application.db");
    assertThat(directory.resolve("app.db")).doesNotExist();
  }

  @Test
  void whatARestoreHasBegunIsNotGoneOnWithEmpty() throws Exception {
    Files.createDirectory(
        directory.resolve(".wharfinger-restore-8d0c1f6e-0000-4000-8000-000000000001"));

    assertThat(run(new InitSqlite(), "WAL", ExitCode.REFUSED)).contains("nothing was made");
    assertThat(directory.resolve("app.db")).doesNotExist();

    Files.createFile(directory.resolve(".wharfinger-restored"));
    run(new InitSqlite(), "WAL", ExitCode.DONE);
    assertThat(directory.resolve("app.db")).exists();
  }

  @Test
  void CLO_28_straysAreNamed() throws Exception {
    Files.createFile(directory.resolve("app.db?mode=rwc"));

    assertThat(run(new InitSqlite(), "WAL", ExitCode.DONE)).contains("app.db?mode=rwc, made by");
  }

  private String run(InitSqlite command, String journalMode, int code, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--directory",
                directory.toString(),
                "--database",
                "app.db",
                "--journal-mode",
                journalMode));
    arguments.addAll(List.of(more));
    Options options =
        Options.parse(
            arguments,
            Set.of("--directory", "--database", "--journal-mode", "--require"),
            Set.of());
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(command.run(options)).isEqualTo(code);
    } finally {
      System.setErr(before);
    }
    return said.toString(StandardCharsets.UTF_8);
  }
}
