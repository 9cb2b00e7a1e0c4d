package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that is gone at any step leaves the old file or the new one, and the next one ends it.
 */
class KilledMoveIT {
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

  /** A move that ends without any ado when a phase begins. */
  static final class Killed {
    public static void main(String[] args) throws Exception {
      new BackwardMove(
              new BackwardOptions(
                  PostgresUrl.parse(args[0], null),
                  Path.of(args[1]),
                  UUID.fromString(args[2]),
                  false,
                  false,
                  Optional.empty(),
                  Optional.empty(),
                  Map.of(),
                  Map.of(),
                  true),
              (phase, rows, total) -> {
                if (phase.equals(args[3])) {
                  Runtime.getRuntime().halt(137);
                }
              })
          .run();
      Runtime.getRuntime().halt(0);
    }
  }

  private int move(BackwardFixture fixture, String phase) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Killed.class.getName(),
            server.url(fixture.database),
            fixture.target.toString(),
            fixture.operation.toString(),
            phase)
        .redirectErrorStream(true)
        .redirectOutput(Path.of("/dev/null").toFile())
        .start()
        .waitFor();
  }

  @ParameterizedTest
  @CsvSource({
    "planning,old",
    "copying,old",
    "indexing,old",
    "verifying,old",
    "syncing,old",
    "keeping,old",
    "clearing,old",
    "replacing,old",
    "done,new"
  })
  void oneOfTheTwoFilesIsThere(String phase, String expected) throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.postgres("CREATE TABLE t (v text)", "INSERT INTO t VALUES ('new')");
    fixture.target(
        "PRAGMA user_version=7", "CREATE TABLE t (v TEXT)", "INSERT INTO t VALUES ('old')");
    byte[] before = Files.readAllBytes(fixture.target);

    assertThat(move(fixture, phase)).isEqualTo(137);

    assertThat(BackwardFixture.query(fixture.target, "SELECT v FROM t")).containsExactly(expected);
    assertThat(BackwardFixture.query(fixture.target, "PRAGMA integrity_check"))
        .containsExactly("ok");
    if (expected.equals("old")) {
      assertThat(Files.readAllBytes(fixture.target)).isEqualTo(before);
    }

    String again = fixture.withOtherSessions().run().outcome();
    assertThat(again).isEqualTo(expected.equals("old") ? "moved" : "already-moved");

    Path kept = directory.resolve("app.db.before-" + fixture.operation);
    assertThat(BackwardFixture.query(fixture.target, "SELECT v FROM t")).containsExactly("new");
    assertThat(Files.readAllBytes(kept)).isEqualTo(before);
    assertThat(fixture.files())
        .isEqualTo(new java.util.TreeSet<>(List.of("app.db", kept.getFileName().toString())));
  }
}
