package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of before is taken again as it stands, and it is known before what that loses. */
class RollbackIT {
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

  /** A rollback that ends without any ado when a phase begins. */
  static final class Killed {
    public static void main(String[] args) {
      new Rollback(
              PostgresUrl.parse(args[0], null),
              Optional.empty(),
              Path.of(args[1]),
              UUID.fromString(args[2]),
              false,
              (phase, rows, total) -> {
                if (phase.equals(args[3])) {
                  Runtime.getRuntime().halt(137);
                }
              })
          .run();
      Runtime.getRuntime().halt(0);
    }
  }

  @Test
  void countsWhatWouldBeLostAndChangesNothing() throws Exception {
    BackwardFixture fixture = apart();
    byte[] before = Files.readAllBytes(fixture.target);

    Report report = run(fixture, true);

    assertThat(report.outcome()).as(report.message()).isEqualTo("planned");
    assertThat(difference(report, "note")).isEqualTo("3/2");
    assertThat(difference(report, "later")).isEqualTo("2/0");
    assertThat(difference(report, "audit.log")).isEqualTo("2/0");
    assertThat(difference(report, "measured_1")).isEqualTo("1/0");
    assertThat(report.json().at("/columnsOnlyInPostgresql").toString())
        .isEqualTo("[\"note.priority\"]");
    assertThat(report.json().at("/revisions/0/equal").asBoolean(true)).isFalse();
    assertThat(Files.readAllBytes(fixture.target)).isEqualTo(before);
  }

  @Test
  void takesTheFileAsItIsAndNeverTwice() throws Exception {
    BackwardFixture fixture = apart();

    assertThat(run(fixture, false).outcome()).isEqualTo("moved");
    assertThat(run(fixture, false).outcome()).isEqualTo("already-moved");

    assertThat(BackwardFixture.query(fixture.target, "SELECT id || text FROM note ORDER BY id"))
        .containsExactly("1one", "2two", "3three");
    assertThat(FileRecord.holds(fixture.target, fixture.operation)).isTrue();
    assertThat(BackwardFixture.query(fixture.target, "SELECT count(*) FROM wharfinger_moves"))
        .containsExactly("1");
  }

  @Test
  void keepsWritersAwayFromPostgresqlUntilItIsClosed() throws Exception {
    BackwardFixture fixture = apart();
    Rollback rollback = rollback(fixture, false);
    assertThat(rollback.run().outcome()).isEqualTo("moved");
    assertThat(rollback.holds()).isTrue();
    assertThat(writes(fixture)).isFalse();
    rollback.close();
    assertThat(writes(fixture)).isTrue();
  }

  @Test
  void neverTakesWhatWasAborted() throws Exception {
    BackwardFixture fixture = apart();
    byte[] before = Files.readAllBytes(fixture.target);
    try (TargetFiles files = new TargetFiles(fixture.target, fixture.operation)) {
      assertThat(files.decide()).isTrue();
      files.abort();
    }
    assertThat(run(fixture, false).outcome()).isEqualTo("failed");
    assertThat(Files.readAllBytes(fixture.target)).isEqualTo(before);
  }

  @Test
  void leavesAloneWhoIsStillConnected() throws Exception {
    BackwardFixture fixture = apart();
    try (Connection other = server.connect(fixture.database)) {
      Report report = run(fixture, false);
      assertThat(report.outcome()).isEqualTo("failed");
      assertThat(report.message()).contains("stop the application first");
      assertThat(other.isValid(1)).isTrue();
    }
    assertThat(FileRecord.holds(fixture.target, fixture.operation)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void refusesAFileThatIsDamagedOrGone(boolean dryRun) throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.postgres("CREATE TABLE note (id bigint PRIMARY KEY)");
    Report gone = run(fixture, dryRun);
    assertThat(gone.outcome()).isEqualTo("refused");
    assertThat(BackwardFixture.rules(gone)).containsExactly(". no-retained-file 1");
    assertThat(fixture.files()).isEmpty();

    Files.writeString(fixture.target, "no database at all, but long enough to look like one");
    Report damaged = run(fixture, dryRun);
    assertThat(damaged.outcome()).as(damaged.message()).isEqualTo("refused");
    assertThat(BackwardFixture.rules(damaged)).containsExactly(". source-damaged 1");

    Files.write(fixture.target, new byte[0]);
    assertThat(run(fixture, dryRun).outcome()).isEqualTo("refused");
    assertThat(Files.size(fixture.target)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"checking,false", "taking,false", "done,true"})
  void killedAtAnyStepTheRecordIsThereOrNot(String phase, boolean taken) throws Exception {
    BackwardFixture fixture = apart();
    int code =
        new ProcessBuilder(
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
    assertThat(code).isEqualTo(137);
    assertThat(FileRecord.holds(fixture.target, fixture.operation)).isEqualTo(taken);
    awaitAlone(fixture);

    assertThat(run(fixture, false).outcome()).isEqualTo(taken ? "already-moved" : "moved");
    assertThat(BackwardFixture.query(fixture.target, "SELECT text FROM note ORDER BY id"))
        .containsExactly("one", "two", "three");
  }

  /** Three rows were moved; then PostgreSQL and its schema went on, and two rows of it went. */
  private BackwardFixture apart() throws SQLException {
    return new BackwardFixture(server, directory)
        .postgres(
            "CREATE TABLE alembic_version (version_num text)",
            "INSERT INTO alembic_version VALUES ('b')",
            "CREATE TABLE note (id bigint PRIMARY KEY, text text, priority bigint)",
            "INSERT INTO note VALUES (1, 'one', NULL), (2, 'changed', 7), (4, 'new', 1),"
                + " (5, 'new', 1)",
            "CREATE TABLE later (id bigint PRIMARY KEY)",
            "INSERT INTO later VALUES (1), (2)",
            "CREATE SCHEMA audit",
            "CREATE TABLE audit.log (id bigint)",
            "INSERT INTO audit.log VALUES (1), (2)",
            "CREATE TABLE measured (id bigint) PARTITION BY RANGE (id)",
            "CREATE TABLE measured_1 PARTITION OF measured FOR VALUES FROM (0) TO (9)",
            "INSERT INTO measured VALUES (1)")
        .target(
            "CREATE TABLE alembic_version (version_num TEXT)",
            "INSERT INTO alembic_version VALUES ('a')",
            "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)",
            "INSERT INTO note VALUES (1, 'one'), (2, 'two'), (3, 'three')");
  }

  private Rollback rollback(BackwardFixture fixture, boolean dryRun) {
    return new Rollback(
        PostgresUrl.parse(server.url(fixture.database), null),
        Optional.empty(),
        fixture.target,
        fixture.operation,
        dryRun,
        (phase, rows, total) -> {});
  }

  private Report run(BackwardFixture fixture, boolean dryRun) throws SQLException {
    try (Rollback rollback = rollback(fixture, dryRun)) {
      return rollback.run();
    }
  }

  private static String difference(Report report, String table) {
    for (JsonNode node : report.json().path("tables")) {
      if (node.path("name").asText().equals(table)) {
        return node.path("onlyInPostgresql").asLong() + "/" + node.path("onlyInFile").asLong();
      }
    }
    return "not compared";
  }

  private static boolean writes(BackwardFixture fixture) throws SQLException {
    try (Connection connection = server.connect(fixture.database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET lock_timeout = '200ms'");
      statement.execute("INSERT INTO note VALUES (9, 'late')");
      return true;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("55P03");
      return false;
    }
  }

  /** The server notices a moment later that a killed process is gone. */
  private static void awaitAlone(BackwardFixture fixture) {
    org.awaitility.Awaitility.await()
        .until(() -> {
          try (Connection connection = server.connect(fixture.database)) {
            return SourceSnapshot.otherSessions(connection) == 0;
          }
        });
  }
}
