package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a schema lets in, lets in the derived one, or it is refused. */
class DerivedRulesIT {
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

  private TransferFixture fixture(String... statements) throws Exception {
    return new TransferFixture(server, directory).source(statements).deriving();
  }

  private static void moved(Report report) {
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
  }

  private static void rejects(TransferFixture f, String statement, String why) {
    assertThatThrownBy(() -> f.target(statement)).hasMessageContaining(why);
  }

  @Test
  void uniqueWithoutCaseStaysSo() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE c (name text COLLATE NOCASE UNIQUE, tag text, mark text)",
            "CREATE UNIQUE INDEX tags ON c (tag COLLATE NOCASE)",
            "CREATE UNIQUE INDEX marks ON c (mark COLLATE RTRIM)",
            "CREATE TABLE k (id text COLLATE NOCASE PRIMARY KEY)",
            "CREATE TABLE r (c_name text REFERENCES c (name))",
            "INSERT INTO c VALUES ('Ann', 'x', 'm'), ('Ä', NULL, NULL), ('ä', NULL, 'n')",
            "INSERT INTO k VALUES ('Key')",
            "INSERT INTO r VALUES ('Ann')");

    Report report = f.run();

    moved(report);
    assertThat(report.json().path("skipped").findValuesAsText("name"))
        .contains("c.name COLLATE NOCASE", "k.id COLLATE NOCASE");
    rejects(f, "INSERT INTO c VALUES ('aNN', 'y', 'o')", "duplicate key");
    rejects(f, "INSERT INTO c VALUES ('Bob', 'X', 'o')", "duplicate key");
    rejects(f, "INSERT INTO c VALUES ('Bob', 'y', 'm ')", "duplicate key");
    rejects(f, "INSERT INTO k VALUES ('kEY')", "duplicate key");
    f.target("INSERT INTO c VALUES ('Ö', 'y', 'M'), ('ö', 'z', 'q') ON CONFLICT (name) DO NOTHING");
  }

  @Test
  void partialAndExpressionIndexesAreTheSameOrNamed() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE t (Email text, Gone boolean, kind text, n integer)",
            "CREATE UNIQUE INDEX mails ON t (lower(Email)) WHERE NOT Gone",
            "CREATE UNIQUE INDEX kinds ON t (ifnull(kind, '-') DESC) where n IN (1,2)",
            "CREATE INDEX slow ON t (substr(kind, 1, 2))",
            "INSERT INTO t VALUES ('a@x', 0, 'k', 1), ('A@X', 1, NULL, 2)");

    Report report = f.run();

    moved(report);
    assertThat(report.json().path("skipped").findValuesAsText("name")).containsExactly("t.slow");
    rejects(f, "INSERT INTO t VALUES ('A@x', false, 'l', 1)", "mails");
    rejects(f, "INSERT INTO t VALUES ('b@x', false, '-', 1)", "kinds");
    f.target("INSERT INTO t VALUES ('A@x', true, 'k', 3)");
  }

  @Test
  void uniqueIndexThatCannotBeSaidIsNamed() throws Exception {
    Report report =
        fixture("CREATE TABLE t (v text)", "CREATE UNIQUE INDEX u ON t (substr(v, 1, 2))").run();

    assertThat(report.json().at("/findings/0/rule").asText())
        .isEqualTo("unique-index-not-translatable");
    assertThat(report.json().at("/findings/0/column").asText()).isEqualTo("u");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE t (code STRING UNIQUE)",
        "CREATE TABLE t (code STRING PRIMARY KEY)",
        "CREATE TABLE t (code INT UNIQUE)",
        "CREATE TABLE t (code UNIQUE)",
      })
  void uniqueAmongNumbersIsNotUniqueAmongTexts(String table) throws Exception {
    Report report = fixture(table, "INSERT INTO t VALUES ('x'), (1.5)").dryRun();

    assertThat(report.json().at("/findings/0/rule").asText())
        .as(report.json().toPrettyString())
        .isEqualTo("unique-index-not-translatable");
    assertThat(report.json().at("/findings/0/detail").asText()).isEqualTo("(code)");
  }

  @Test
  void uniqueWithoutATypeStaysSo() throws Exception {
    TransferFixture f =
        fixture("CREATE TABLE t (k PRIMARY KEY, v)", "INSERT INTO t VALUES ('01', 1), ('1', 2)");

    moved(f.run());

    rejects(f, "INSERT INTO t VALUES ('01', 3)", "duplicate key");
  }

  @Test
  void onlyAsciiLettersHaveCases() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE t (Ä text CHECK (Ä <> 'no'), ä text COLLATE NOCASE UNIQUE,"
                + " Ö integer AS (n + 1), ö integer AS (n + 2), n integer)",
            "CREATE TABLE Ä (i INTEGER PRIMARY KEY)",
            "CREATE TABLE ä (i text PRIMARY KEY)",
            "CREATE TABLE r (i integer REFERENCES Ä, k text REFERENCES ä)",
            "INSERT INTO t VALUES ('a', 'b', 5)",
            "INSERT INTO Ä VALUES (7)",
            "INSERT INTO ä VALUES ('k')",
            "INSERT INTO r VALUES (7, 'k')");

    moved(f.run());

    assertThat(f.rows("TABLE t")).isEqualTo("a|b|5|6|7");
    rejects(f, "INSERT INTO t VALUES ('no', 'c', 1)", "check constraint");
    rejects(f, "INSERT INTO t VALUES ('a', 'B', 1)", "duplicate key");
    rejects(f, "INSERT INTO r VALUES (7, 'l')", "foreign key");

    TransferFixture existing =
        f.unlocked().target("DROP TABLE r, \"Ä\"", "DROP SCHEMA wharfinger CASCADE");
    assertThat(existing.existing().replacing().dryRun().json().path("findings"))
        .anySatisfy(finding -> {
          assertThat(finding.path("rule").asText()).isEqualTo("table-missing-in-target");
          assertThat(finding.path("table").asText()).isEqualTo("Ä");
        });
  }

  @Test
  void everyStatementTheServerRejectsIsFoundByTheDryRun() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE p (id integer PRIMARY KEY, code text)",
            "CREATE TABLE c (p_id text REFERENCES p, p_code text REFERENCES p (code))");

    Report report = f.dryRun();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().path("findings").findValuesAsText("rule"))
        .containsExactly("schema-rejected-by-server", "schema-rejected-by-server");
    assertThat(report.json().path("findings").findValuesAsText("column"))
        .containsExactlyInAnyOrder("p_id", "p_code");
    assertThat(f.rows("SELECT count(*) FROM pg_class WHERE relname IN ('p', 'c')")).isEqualTo("0");
  }

  @Test
  void orphansAreFoundByTheDryRun() throws Exception {
    Report report =
        fixture(
                "CREATE TABLE p (id integer PRIMARY KEY)",
                "CREATE TABLE c (p_id integer REFERENCES p)",
                "INSERT INTO c VALUES (5)")
            .dryRun();

    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("parent-row-missing");
  }

  @Test
  void deferredKeysStayDeferred() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE t (id integer PRIMARY KEY, up integer REFERENCES t,"
                + " top integer REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO t VALUES (1, 1, 1)");

    moved(f.run());

    assertThat(
            f.rows(
                "SELECT conkey::text, condeferred FROM pg_constraint WHERE contype = 'f'"
                    + " ORDER BY 1"))
        .isEqualTo("{2}|f\n{3}|t");
  }

  @Test
  void missingRightIsRefusedAndNamed() throws Exception {
    TransferFixture f = fixture("CREATE TABLE t (v integer)", "INSERT INTO t VALUES (1)");
    server.admin(f.database, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    server.admin(f.database, "ALTER SCHEMA public OWNER TO postgres");

    assertThat(f.dryRun().json().at("/findings/0/detail").asText()).contains("permission denied");

    TransferFixture existing =
        new TransferFixture(server, directory)
            .target("CREATE TABLE t (v integer)", "CREATE INDEX extra ON t (v)");
    server.admin(existing.database, "ALTER TABLE t OWNER TO postgres; GRANT ALL ON t TO app");
    Report report = existing.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("rejected-by-server-42501");
    assertThat(report.json().at("/findings/0/detail").asText()).contains("must be owner");
  }
}
