package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file: what it takes over from the old one, and how it takes its place. */
class TargetFileIT {
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
  void T29_whoFindsTheMoveMadeKeepsWritersAwayToo() throws Exception {
    BackwardFixture fixture = notes().deriving();
    assertThat(fixture.run().outcome()).isEqualTo("moved");

    try (BackwardMove again =
        new BackwardMove(fixture.options(false), (phase, rows, total) -> {})) {
      assertThat(again.run().outcome()).isEqualTo("already-moved");
      assertThat(again.holds()).isTrue();
      assertThatThrownBy(() ->
              fixture.postgres("SET lock_timeout = '100ms'", "INSERT INTO note VALUES (3, 'late')"))
          .hasMessageContaining("lock timeout");

      server.admin(
          fixture.database,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND application_name = 'wharfinger'");
      await("the loss is noticed").until(() -> !again.holds());
    }
  }

  @Test
  void schemaAndHeaderAreThoseOfTheOldFile() throws Exception {
    BackwardFixture fixture = notes();
    fixture.target(
        "PRAGMA page_size=8192",
        "PRAGMA encoding='UTF-16be'",
        "PRAGMA user_version=42",
        "PRAGMA application_id=77",
        "CREATE TABLE note (id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE TABLE log (v TEXT)",
        "CREATE INDEX by_v ON note (v COLLATE NOCASE) WHERE v IS NOT NULL",
        "CREATE VIEW notes AS SELECT v FROM note",
        "CREATE TRIGGER t AFTER INSERT ON note BEGIN INSERT INTO log VALUES (new.v); END",
        "CREATE VIRTUAL TABLE fts USING fts5 (v, content='note', content_rowid='id')",
        "INSERT INTO log VALUES ('kept')");

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(BackwardFixture.query(fixture.target, "SELECT v FROM log")).containsExactly("kept");
    assertThat(BackwardFixture.query(fixture.target, "SELECT v FROM notes ORDER BY v"))
        .containsExactly("new", "newer");
    assertThat(
            BackwardFixture.query(fixture.target, "SELECT rowid FROM fts WHERE fts MATCH 'newer'"))
        .containsExactly("2");
    assertThat(
            BackwardFixture.query(
                fixture.target, "SELECT sql FROM sqlite_schema WHERE name IN ('by_v', 't')"))
        .hasSize(2);
    for (String[] pragma :
        new String[][] {
          {"page_size", "8192"},
          {"encoding", "UTF-16be"},
          {"user_version", "42"},
          {"application_id", "77"},
          {"journal_mode", "delete"}
        }) {
      assertThat(BackwardFixture.query(fixture.target, "PRAGMA " + pragma[0]))
          .containsExactly(pragma[1]);
    }
  }

  @Test
  void oldFileIsKeptWithWhatWasInItsLog() throws Exception {
    BackwardFixture fixture = notes();
    Files.setPosixFilePermissions(
        Files.createFile(fixture.target), PosixFilePermissions.fromString("rw-r-----"));
    Path copy = directory.resolve("copy.db");
    try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + fixture.target);
        Statement statement = writer.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, v TEXT)");
      statement.execute("INSERT INTO note VALUES (9, 'old')");
      for (String ending : new String[] {"", "-wal"}) {
        Files.copy(Path.of(fixture.target + ending), Path.of(copy + ending));
      }
    }
    for (String ending : new String[] {"", "-wal"}) {
      Files.write(Path.of(fixture.target + ending), Files.readAllBytes(Path.of(copy + ending)));
      Files.delete(Path.of(copy + ending));
    }

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    Path before = directory.resolve("app.db.before-" + fixture.operation);
    assertThat(fixture.files()).containsExactly("app.db", "app.db.before-" + fixture.operation);
    assertThat(Files.getPosixFilePermissions(fixture.target))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    // Itself it is locked until the process ends.
    Files.copy(before, copy);
    assertThat(BackwardFixture.query(copy, "SELECT v FROM note")).containsExactly("old");
    assertThat(BackwardFixture.query(fixture.target, "SELECT v FROM note"))
        .containsExactly("new", "newer");
    assertThat(BackwardFixture.query(fixture.target, "PRAGMA journal_mode")).containsExactly("wal");
  }

  @Test
  void dryRunCountsWhatOnlyOneSideHas() throws Exception {
    BackwardFixture fixture = notes();
    fixture.target(
        "CREATE TABLE note (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO note VALUES (1, 'new'), (2, 'older'), (5, 'gone')");
    byte[] before = Files.readAllBytes(fixture.target);

    Report report = fixture.run(true);

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("planned");
    assertThat(report.json().at("/tables/0/onlyInPostgresql").asLong()).isEqualTo(1);
    assertThat(report.json().at("/tables/0/onlyInFile").asLong()).isEqualTo(2);
    assertThat(Files.readAllBytes(fixture.target)).isEqualTo(before);
    assertThat(fixture.files()).containsExactly("app.db");
  }

  @Test
  void bookkeepingOfTheFileIsKeptAndCompared() throws Exception {
    BackwardFixture fixture = notes();
    fixture.target(
        "CREATE TABLE note (id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('abc')");
    fixture.postgres(
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('def')");

    assertThat(BackwardFixture.rules(fixture.run()))
        .containsExactly("alembic_version. revision-differs 1");

    fixture.postgres("UPDATE alembic_version SET version_num = 'abc'");
    assertThat(fixture.run().outcome()).isEqualTo("moved");
    assertThat(BackwardFixture.query(fixture.target, "SELECT version_num FROM alembic_version"))
        .containsExactly("abc");
  }

  @Test
  void reportAndLeftoversHoldNoSecret() throws Exception {
    BackwardFixture fixture = notes().deriving();
    Files.createFile(
        directory.resolve(".app.db.wharfinger-" + UUID.randomUUID() + ".partial-journal"));

    Report report = fixture.run();

    assertThat(report.json().toString()).doesNotContain("secret").doesNotContain("newer");
    assertThat(fixture.files()).containsExactly("app.db");
    assertThat(BackwardFixture.query(fixture.target, "SELECT source FROM wharfinger_moves"))
        .allSatisfy(source -> assertThat(source).doesNotContain("secret"));
  }
}
