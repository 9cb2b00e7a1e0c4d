package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.SmallVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From the start of a move back to the rename no other process can write into the old file: what it
 * wrote would be in neither of the two.
 */
class OldFileLockIT {
  private static final Set<String> WHEN =
      Set.of("copying", "syncing", "keeping", "clearing", "replacing", "done");

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

  private static BackwardFixture fixture(Path directory, String journal) throws Exception {
    BackwardFixture fixture =
        new BackwardFixture(server, directory)
            .postgres(
                "CREATE TABLE note (id integer PRIMARY KEY, v text)",
                "INSERT INTO note VALUES (1, 'new')");
    return fixture.target(
        "PRAGMA journal_mode=" + journal,
        "CREATE TABLE note (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO note VALUES (9, 'old')");
  }

  private static Path before(BackwardFixture fixture) {
    return fixture.directory.resolve("app.db.before-" + fixture.operation);
  }

  /** Moves back; another process tries to write whenever a phase begins. */
  private static Map<String, Integer> intrusions(BackwardFixture fixture) throws Exception {
    Map<String, Integer> codes = new LinkedHashMap<>();
    BackwardMove move =
        new BackwardMove(
            fixture.options(false),
            (phase, rows, total) -> {
              if (WHEN.contains(phase)) {
                // When it is done, the name is that of the new file.
                Path old = phase.equals("done") ? before(fixture) : fixture.target;
                codes.put(phase, tried(old));
              }
            });
    try (move) {
      Report report = move.run();
      assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    }
    assertThat(codes.keySet()).isEqualTo(WHEN);
    assertThat(BackwardFixture.query(fixture.target, "SELECT v FROM note")).containsExactly("new");
    return codes;
  }

  private static int tried(Path file) {
    try {
      return OtherWriter.run(file, "INSERT INTO note VALUES (NULL, 'intruder')");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest(name = "{0}, with a copy of a killed run: {1}")
  @CsvSource({"DELETE, false", "DELETE, true", "WAL, false"})
  void T30_noOtherProcessGetsIn(String journal, boolean copied) throws Exception {
    BackwardFixture fixture = fixture(directory, journal);
    if (copied) {
      Files.copy(fixture.target, before(fixture));
    }

    Map<String, Integer> codes = intrusions(fixture);

    if (copied) {
      // What is kept is the copy, and nobody's any more.
      assertThat(codes.remove("done")).isZero();
    }
    assertThat(codes.values()).as(codes.toString()).containsOnly(OtherWriter.LOCKED_OUT);
  }

  @Test
  void T30_noOtherProcessGetsInWhereAFileHasOneName() throws Exception {
    try (SmallVolume volume = SmallVolume.of(64, 100)) {
      BackwardFixture fixture =
          fixture(Files.createDirectory(volume.path().resolve("data")), "DELETE");
      noMoreNames(fixture.target, Files.createDirectory(volume.path().resolve("names")));

      Map<String, Integer> codes = intrusions(fixture);

      assertThat(Files.isSameFile(before(fixture), fixture.target)).isFalse();
      assertThat(codes.remove("done")).isZero();
      assertThat(codes.values()).as(codes.toString()).containsOnly(OtherWriter.LOCKED_OUT);
      assertThat(BackwardFixture.query(before(fixture), "SELECT v FROM note ORDER BY id"))
          .containsExactly("old", "intruder");
      assertThat(fixture.files()).containsExactly("app.db", "app.db.before-" + fixture.operation);
    }
  }

  /** Gives the file as many names as it may have. */
  private static void noMoreNames(Path file, Path directory) {
    try {
      for (int i = 0; ; i++) {
        Files.createLink(directory.resolve("name-" + i), file);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("Too many links");
    }
  }
}
