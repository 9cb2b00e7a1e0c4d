package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Once, never, or not now: who decides, and who has to wait. */
class MoveOrderIT {
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

  private BackwardFixture notes() throws Exception {
    return new BackwardFixture(server, directory)
        .postgres(
            "CREATE TABLE note (id integer PRIMARY KEY, v text)",
            "INSERT INTO note VALUES (1, 'new'), (2, 'newer')");
  }

  @Test
  void sameOperationIsDoneOnceAndAnAbortedOneNever() throws Exception {
    BackwardFixture fixture = notes().deriving();
    assertThat(fixture.run().outcome()).isEqualTo("moved");
    fixture.target("INSERT INTO note VALUES (3, 'by the application')");
    byte[] before = Files.readAllBytes(fixture.target);

    assertThat(fixture.run().outcome()).isEqualTo("already-moved");

    assertThat(Files.readAllBytes(fixture.target)).isEqualTo(before);
    UUID other = UUID.randomUUID();
    try (TargetFiles files = new TargetFiles(fixture.target, other)) {
      assertThat(files.decide()).isTrue();
      files.abort();
    }
    BackwardOptions options = fixture.options(false);
    BackwardOptions aborted =
        new BackwardOptions(
            options.source(),
            options.schema(),
            options.target(),
            other,
            false,
            true,
            options.like(),
            options.compare(),
            options.profile(),
            options.formats(),
            false);
    try (BackwardMove move = new BackwardMove(aborted, (phase, rows, total) -> {})) {
      assertThat(move.run().outcome()).isEqualTo("failed");
    }
    assertThat(Files.readAllBytes(fixture.target)).isEqualTo(before);
  }

  @Test
  void abortWhileItRunsWins() throws Exception {
    BackwardFixture fixture = notes().deriving();
    try (BackwardMove move =
        new BackwardMove(
            fixture.options(false),
            (phase, rows, total) -> {
              if (phase.equals("verifying")) {
                try (TargetFiles files = new TargetFiles(fixture.target, fixture.operation)) {
                  files.abort();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
            })) {
      assertThat(move.run().message()).contains("aborted while it was running");
    }
    assertThat(fixture.files()).containsExactly(".app.db.wharfinger-aborted-" + fixture.operation);
  }

  @Test
  void failsWhileTheApplicationIsThere() throws Exception {
    BackwardFixture fixture = notes().target("CREATE TABLE note (id INTEGER PRIMARY KEY, v TEXT)");
    byte[] before = Files.readAllBytes(fixture.target);
    try (Connection session = server.connect(fixture.database)) {
      assertThat(fixture.run().message()).contains("1 other sessions");
      assertThat(session.isValid(5)).isTrue();
      assertThat(fixture.run(true).outcome()).isEqualTo("planned");
    }
    try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + fixture.target);
        Statement statement = writer.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThat(fixture.run().outcome()).isEqualTo("failed");
    }
    assertThat(Files.readAllBytes(fixture.target)).isEqualTo(before);
    assertThat(fixture.files()).containsExactly("app.db");
  }

  @Test
  void waitsForASessionWhoseEndIsAMomentAway() throws Exception {
    BackwardFixture fixture = notes().deriving();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Connection session = server.connect(fixture.database)) {
      Future<Report> move = executor.submit(() -> fixture.run());
      await()
          .until(() ->
              Sql.number(
                      session,
                      "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                          + " AND query LIKE '%pg_stat_clear_snapshot%'")
                  > 0);
      session.close();
      assertThat(move.get().outcome()).isEqualTo("moved");
    }
  }

  @Test
  void writersWaitUntilTheMoveIsClosed() throws Exception {
    BackwardFixture fixture = notes().deriving().withOtherSessions();
    try (Connection writer = server.connect(fixture.database);
        Statement statement = writer.createStatement()) {
      statement.execute("SET lock_timeout = '100ms'");
      try (BackwardMove move =
          new BackwardMove(fixture.options(false), (phase, rows, total) -> {})) {
        assertThat(move.run().outcome()).isEqualTo("moved");
        assertThatThrownBy(() -> statement.execute("INSERT INTO note VALUES (3, 'late')"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("lock timeout");
      }
      statement.execute("INSERT INTO note VALUES (3, 'in time')");
    }
  }

  /** Where a file cannot have two names it is copied, and the copy of a killed run is found. */
  @Test
  void aCopyOfTheOldFileIsNotInTheWay() throws Exception {
    BackwardFixture fixture = notes().target("CREATE TABLE note (id INTEGER PRIMARY KEY, v TEXT)");
    Path before = directory.resolve("app.db.before-" + fixture.operation);
    Files.copy(fixture.target, before);

    assertThat(fixture.run().outcome()).isEqualTo("moved");
    assertThat(fixture.files()).containsExactly("app.db", before.getFileName().toString());
  }

  @Test
  void anythingElseOfThatNameStays() throws Exception {
    BackwardFixture fixture = notes().target("CREATE TABLE note (id INTEGER PRIMARY KEY, v TEXT)");
    Path before = directory.resolve("app.db.before-" + fixture.operation);
    Files.writeString(before, "something else");

    assertThat(fixture.run().message()).contains("is there already");
    assertThat(Files.readString(before)).isEqualTo("something else");
  }
}
