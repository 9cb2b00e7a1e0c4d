package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that no one format gives back: where nothing changed the file's own bytes do. */
class RetainedRowsIT {
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

  private BackwardFixture moved(String sqlite, String postgres, String... rows) throws Exception {
    Path file = directory.resolve("retained.db");
    BackwardFixture fixture = new BackwardFixture(server, directory).like(file);
    fixture.file(file, sqlite).file(file, rows).postgres(postgres);
    Report forward = fixture.forward(file);
    assertThat(forward.outcome()).as(forward.json().toPrettyString()).isEqualTo("moved");
    return fixture;
  }

  private BackwardFixture mixed() throws Exception {
    return moved(
        "CREATE TABLE m (id TEXT, n INTEGER, doc TEXT, at DATETIME, u TEXT, amount TEXT, num INTEGER,"
            + " PRIMARY KEY (n, id)) WITHOUT ROWID",
        "CREATE TABLE m (id text, n integer, doc jsonb, at timestamp, u uuid, amount numeric,"
            + " num integer, PRIMARY KEY (id, n))",
        "INSERT INTO m VALUES ('a', 1, '{\"b\":1, \"a\" : [1,2]}', '2024-01-01 00:00:00',"
            + " '00000000-0000-4000-8000-00000000000a', '1.10', 1)",
        "INSERT INTO m VALUES ('a', 2, '{\"a\": 1}', '2024-01-01T00:00:00.5',"
            + " '0000000000004000800000000000000B', '1.1000', '')",
        "INSERT INTO m VALUES ('b', 1, '{}', '2024-01-01 00:00:00.500000', NULL, '01', NULL)",
        "INSERT INTO m VALUES ('c', 1, NULL, NULL, NULL, NULL, 7)");
  }

  @Test
  void unchangedRowsComeBackToTheByte() throws Exception {
    BackwardFixture fixture = mixed();

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(directory.resolve("retained.db")));
    assertThat(report.json().at("/tables/0/columns/2/rules/as-the-file-has-it").asLong())
        .isEqualTo(3);
  }

  @Test
  void rowsOfTheFileKeepWhatPostgresqlHasNoColumnFor() throws Exception {
    BackwardFixture fixture =
        own(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
            "CREATE TABLE t (id integer PRIMARY KEY, v text)");
    fixture.postgres(
        "UPDATE t SET v = 'changed' WHERE id = 2",
        "DELETE FROM t WHERE id = 5",
        "INSERT INTO t VALUES (9, 'new')");

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(BackwardFixture.query(fixture.target, OWN))
        .containsExactly(
            "1 a text 6F6C64",
            "2 changed blob FF00",
            "3 c text C328",
            "4 d null ",
            "9 new text 6E6577");
    assertThat(report.json().at("/warnings/0/rule").asText()).isEqualTo("column-only-in-file");
    assertThat(report.json().at("/warnings/0/column").asText()).isEqualTo("own");
    assertThat(report.json().at("/warnings/0/count").asLong()).isEqualTo(1);
    assertThat(report.json().get("warnings")).hasSize(1);
  }

  @Test
  void nothingIsSaidWhereEveryRowIsTheFilesOwn() throws Exception {
    BackwardFixture fixture =
        own(
            "CREATE TABLE t (id TEXT COLLATE NOCASE, v TEXT, PRIMARY KEY (v, id)) WITHOUT ROWID",
            "CREATE TABLE t (id text, v text, PRIMARY KEY (id, v))");

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(directory.resolve("retained.db")));
    assertThat(report.json().get("warnings")).isEmpty();
  }

  @Test
  void withoutAKeySuchAColumnHasItsDefaultAndThatIsSaid() throws Exception {
    BackwardFixture fixture =
        own("CREATE TABLE t (id INTEGER, v TEXT)", "CREATE TABLE t (id integer, v text)");

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(report.json().at("/warnings/0/rule").asText()).isEqualTo("column-only-in-file");
    assertThat(report.json().at("/warnings/0/count").asLong()).isEqualTo(5);
  }

  private static final String OWN =
      "SELECT id || ' ' || v || ' ' || typeof(own) || ' ' || hex(own) FROM t ORDER BY id";

  /** Values of every storage class, also text that is none, in a column of the file alone. */
  private BackwardFixture own(String sqlite, String postgres) throws Exception {
    Path file = directory.resolve("retained.db");
    BackwardFixture fixture = new BackwardFixture(server, directory).like(file);
    fixture
        .file(
            file,
            sqlite,
            "ALTER TABLE t ADD COLUMN own DEFAULT 'new'",
            "INSERT INTO t VALUES (1, 'a', 'old'), (2, 'b', x'ff00'),"
                + " (3, 'c', CAST(x'c328' AS TEXT)), (4, 'd', NULL), (5, 'e', 1.5)")
        .postgres(postgres);
    Report forward = fixture.forward(file, "missing-in-target@t.own=ignore");
    assertThat(forward.outcome()).as(forward.json().toPrettyString()).isEqualTo("moved");
    return fixture;
  }

  @Test
  void changedValuesOfAMixedColumnNeedADecision() throws Exception {
    BackwardFixture fixture = mixed();
    fixture.postgres(
        "UPDATE m SET at = '2025-01-01', doc = '{\"z\": 1}' WHERE id = 'b'",
        "INSERT INTO m (id, n, at, num) VALUES ('d', 4, '2026-01-01', NULL)");

    Report refused = fixture.run();

    assertThat(BackwardFixture.rules(refused)).containsExactly("m.at format-mixed 2");
    assertThat(refused.json().at("/findings/0/detail").asText())
        .contains("2 of 3 as YYYY-MM-DD HH:MM:SS[.ffffff]");

    Report report = fixture.format("m.at", "majority").run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(
            BackwardFixture.query(
                fixture.target,
                "SELECT coalesce(at, '') || coalesce(doc, '') || coalesce(quote(num), '') FROM m"
                    + " ORDER BY id, n"))
        .containsExactly(
            "2024-01-01 00:00:00{\"b\":1, \"a\" : [1,2]}1",
            "2024-01-01T00:00:00.5{\"a\": 1}''",
            "2025-01-01 00:00:00{\"z\": 1}NULL",
            "7",
            "2026-01-01 00:00:00NULL");
  }

  @Test
  void keyOfAnotherRowIsNotTaken() throws Exception {
    BackwardFixture fixture =
        moved(
            "CREATE TABLE m (id INTEGER PRIMARY KEY, doc TEXT)",
            "CREATE TABLE m (id bigint PRIMARY KEY, doc jsonb)",
            "INSERT INTO m VALUES (1, '{\"b\":1,\"a\":2}'), (2, '{\"b\":1, \"a\":2, \"c\":3}')");
    fixture.postgres("UPDATE m SET id = 3 - id + 10", "UPDATE m SET id = id - 10");

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(BackwardFixture.query(fixture.target, "SELECT doc FROM m ORDER BY id"))
        .containsExactly("{\"a\":2,\"b\":1,\"c\":3}", "{\"a\":2,\"b\":1}");
  }
}
