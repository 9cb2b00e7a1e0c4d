package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SQLite and PostgreSQL have that the other has not, or has in another way. */
class SurprisesIT {
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

  private BackwardFixture fixture(String sqlite, String postgres, String... rows) throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory);
    for (String one : sqlite.split(";")) {
      fixture.target(one);
    }
    return fixture.postgres(postgres).postgres(rows);
  }

  private static void moved(BackwardFixture fixture) throws Exception {
    Report report = fixture.run();
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "v REAL; double precision; 'infinity'), ('-infinity'; Inf,-Inf",
        "v REAL; double precision; '-0.0'; 0.0",
        "v REAL; double precision; '1e308'), ('5e-324'), ('0.1'; 1.0e+308,4.9406564584124654e-324,0.1",
        "v INTEGER; bigint; 9223372036854775807), (-9223372036854775808; 9223372036854775807,-9223372036854775808",
        "v TEXT; text; ''; ''",
        "v TEXT; text; NULL; NULL",
        "v BLOB; bytea; ''; X''",
        "v BLOB; bytea; '\\x00ff00'; X'00FF00'",
        "v CHAR(5); char(5); 'ab'; 'ab   '",
        "v TEXT; text; 'a' || chr(1) || chr(127) || U&'\\+01F600'; 'a\u0001\u007f\uD83D\uDE00'",
        "v ANY; text; '007'; '007'",
      })
  void valuesAtTheEdge(String column, String type, String values, String expected)
      throws Exception {
    for (String strict : new String[] {"", " STRICT"}) {
      String declared = strict.isEmpty() ? column.replace("ANY", "BLOB") : column;
      if (strict.isEmpty() || declared.matches("v (REAL|INTEGER|TEXT|BLOB|ANY)")) {
        Files.deleteIfExists(directory.resolve("app.db"));
        BackwardFixture fixture =
            fixture(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, " + declared + ")" + strict,
                "CREATE TABLE t (id serial PRIMARY KEY, v " + type + ")",
                "INSERT INTO t (v) VALUES (" + values + ")");
        moved(fixture);
        assertThat(
                String.join(
                    ",",
                    BackwardFixture.query(fixture.target, "SELECT quote(v) FROM t ORDER BY id")))
            .isEqualTo(expected.replace("Inf", "9.0e+999"));
      }
    }
  }

  @Test
  void rowsAreInTheOrderInWhichTheyWere() throws Exception {
    BackwardFixture fixture =
        fixture(
            "CREATE TABLE t (v TEXT)",
            "CREATE TABLE t (v text)",
            "INSERT INTO t SELECT 'row ' || i FROM generate_series(1, 3000) i",
            "DELETE FROM t WHERE v LIKE '%7'");
    moved(fixture);

    assertThat(
            BackwardFixture.query(
                fixture.target,
                "SELECT count(*) FROM (SELECT rowid AS r, row_number() OVER (ORDER BY"
                    + " CAST(substr(v, 5) AS INTEGER)) AS n FROM t) WHERE r = n"))
        .containsExactly("2700");
  }

  @Test
  void numbersThatWereGivenOutAreNotGivenOutAgain() throws Exception {
    BackwardFixture fixture =
        fixture(
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);"
                + "CREATE TABLE only (id INTEGER PRIMARY KEY AUTOINCREMENT);"
                + "CREATE TABLE django_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);"
                + "INSERT INTO only VALUES (50), (51);DELETE FROM only WHERE id = 51;"
                + "INSERT INTO django_migrations VALUES (9, 'x');DELETE FROM django_migrations",
            "CREATE TABLE t (id bigserial PRIMARY KEY)",
            "INSERT INTO t DEFAULT VALUES",
            "SELECT setval('t_id_seq', 70)");
    moved(fixture);

    assertThat(
            BackwardFixture.query(
                fixture.target, "SELECT name || ' ' || seq FROM sqlite_sequence ORDER BY name"))
        .containsExactly("django_migrations 9", "only 51", "t 70");
  }

  @Test
  void namesIndexesAndTriggersAreAsTheyWere() throws Exception {
    BackwardFixture fixture =
        fixture(
            "PRAGMA auto_vacuum=INCREMENTAL;"
                + "CREATE TABLE \"Se\"\"lect 'x'\" (\"a b\" TEXT, n INTEGER,"
                + " g INTEGER AS (n * 2) STORED, h AS (n + 1), PRIMARY KEY (\"a b\")) WITHOUT ROWID;"
                + "CREATE UNIQUE INDEX part ON \"Se\"\"lect 'x'\" (n) WHERE n > 5;"
                + "CREATE INDEX expr ON \"Se\"\"lect 'x'\" (lower(\"a b\") DESC, g);"
                + "CREATE VIEW v AS SELECT n FROM \"Se\"\"lect 'x'\";"
                + "CREATE VIEW v2 AS SELECT n FROM v",
            "CREATE TABLE \"Se\"\"lect 'x'\" (\"a b\" text PRIMARY KEY, n integer,"
                + " g integer GENERATED ALWAYS AS (n * 2) STORED)",
            "INSERT INTO \"Se\"\"lect 'x'\" VALUES ('k', 5), ('K', 5), ('l', 6)");
    fixture.target(
        "CREATE TRIGGER i INSTEAD OF INSERT ON v2 BEGIN DELETE FROM \"Se\"\"lect 'x'\"; END",
        "CREATE TRIGGER r BEFORE INSERT ON \"Se\"\"lect 'x'\" BEGIN SELECT raise(ABORT, 'no'); END");
    String schema = "SELECT sql FROM sqlite_schema WHERE name <> 'wharfinger_moves' ORDER BY name";
    var before = BackwardFixture.query(fixture.target, schema);
    moved(fixture);

    assertThat(BackwardFixture.query(fixture.target, schema))
        .filteredOn(sql -> sql != null)
        .containsExactlyElementsOf(before.stream().filter(sql -> sql != null).toList());
    assertThat(BackwardFixture.query(fixture.target, "SELECT n FROM v2 ORDER BY n"))
        .containsExactly("5", "5", "6");
    assertThat(BackwardFixture.query(fixture.target, "PRAGMA auto_vacuum")).containsExactly("2");
    assertThat(BackwardFixture.query(fixture.target, "PRAGMA integrity_check"))
        .containsExactly("ok");
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE VIEW t AS SELECT 1 AS id, t. table-out-of-reach 1",
    "CREATE MATERIALIZED VIEW \"T\" AS SELECT 1 AS id, t. table-out-of-reach 1",
    "CREATE TABLE v (id bigint); INSERT INTO v VALUES (1), v. table-missing-in-target 1"
  })
  void aViewOnOneSideIsNoTable(String postgres, String expected) throws Exception {
    BackwardFixture fixture =
        fixture(
            "CREATE TABLE t (id INTEGER PRIMARY KEY);INSERT INTO t VALUES (5);"
                + "CREATE VIEW v AS SELECT id FROM t",
            postgres);

    assertThat(BackwardFixture.rules(fixture.run())).containsExactly(expected);
  }
}
