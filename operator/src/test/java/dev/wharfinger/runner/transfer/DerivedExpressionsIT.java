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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CHECKs and generated columns in a derived schema. */
class DerivedExpressionsIT {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "n integer; n > 0; 1; 0",
        "n integer; n BETWEEN 1 AND 9 OR n = -1; -1; 10",
        "n integer; \"N\" NOT IN (1, 2) /* never */; 3; 2",
        "n integer; n + 1 < 2 * n AND NOT n == 5; 4; 5",
        "ok boolean; ok IN (0, 1); true; NULL IS NULL AND NULL",
        "ok boolean; ok = 1; true; false",
        "ok boolean, x text; ok OR x IS NOT NULL; true, NULL; false, NULL",
        "x text; length(trim(x)) > 0; 'a'; '  '",
        "x text; x <> '' AND x NOT IN ('no', 'it''s'); 'yes'; 'it''s'",
        "x text; lower(x) = x; 'abcÄ'; 'aBc'",
        "x real; x >= -0.5; 0.25; -0.75",
        "a text, b text; (a IS NULL) <> (b IS NULL); 'x', NULL; 'x', 'y'",
        "d decimal(10,2); d < 99.99; 5.25; 100",
      })
  void checkHoldsThere(String columns, String check, String good, String bad) throws Exception {
    TransferFixture f =
        fixture("CREATE TABLE t (" + columns + ", CONSTRAINT rule CHECK (" + check + "))")
            .source("INSERT INTO t VALUES (" + good + ")");

    moved(f.run());

    f.target("INSERT INTO t VALUES (" + good + ")");
    if (!bad.contains("NULL IS NULL")) {
      rejects(f, "INSERT INTO t VALUES (" + bad + ")", "check constraint \"rule\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "CREATE TABLE t (v integer CHECK (typeof(v) = 'integer')); v; check-not-translatable",
        "CREATE TABLE t (v text CHECK (v GLOB 'a*')); v; check-not-translatable",
        "CREATE TABLE t (v text CHECK (v LIKE 'a%')); v; check-not-translatable",
        "CREATE TABLE t (v text CHECK (v > 'a')); v; check-not-translatable",
        "CREATE TABLE t (v integer CHECK (v / 2 > 1)); v; check-not-translatable",
        "CREATE TABLE t (v text COLLATE NOCASE CHECK (v = 'a')); v; check-not-translatable",
        "CREATE TABLE t (v text, w, CONSTRAINT both CHECK (v = w)); both; check-not-translatable",
        "CREATE TABLE t (v text, g AS (substr(v, 1))); g; generated-column-not-translatable",
        "CREATE TABLE t (v integer, g text AS (v * 2)); g; generated-column-not-translatable",
      })
  void whatCannotBeSaidIsRefused(String table, String place, String rule) throws Exception {
    TransferFixture f = fixture(table);

    for (Report report : new Report[] {f.dryRun(), f.run()}) {
      assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
      var finding = report.json().at("/findings/0");
      assertThat(finding.path("rule").asText()).isEqualTo(rule);
      assertThat(finding.path("table").asText() + "." + finding.path("column").asText())
          .isEqualTo("t." + place);
      assertThat(finding.path("detail").asText()).isNotEmpty();
      assertThat(finding.path("advice").asText()).contains("Flyway");
    }
    assertThat(f.rows("SELECT count(*) FROM pg_class WHERE relname = 't'")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE t (v STRING CHECK (v <> '01'))",
        "CREATE TABLE t (v CHECK (length(v) > 0))",
      })
  void textByItsValuesAloneIsNoText(String table) throws Exception {
    Report report = fixture(table, "INSERT INTO t VALUES ('x')").dryRun();

    assertThat(report.json().at("/findings/0/rule").asText())
        .as(report.json().toPrettyString())
        .isEqualTo("check-not-translatable");
  }

  @Test
  void textThatIsBytesInTheSourceIsNoText() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE t (v text COLLATE NOCASE UNIQUE, n integer AS (length(v)))",
            "INSERT INTO t VALUES ('ä'), (CAST('ö' AS BLOB)), (NULL)");

    assertThat(f.run().json().at("/findings/0/rule").asText())
        .isEqualTo("generated-column-not-translatable");

    TransferFixture without = f.unlocked().source("ALTER TABLE t DROP COLUMN n");
    moved(without.run());
    rejects(without, "INSERT INTO t VALUES ('Ä'), ('x'), ('X')", "duplicate key");
  }

  @Test
  void generatedColumnsAreComputedOnPostgres() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE t (a integer, first text, last text,"
                + " twice integer GENERATED ALWAYS AS (a * 2) STORED,"
                + " full text AS (first || ' ' || last), big boolean AS (a > 10))",
            "INSERT INTO t (a, first, last) VALUES (4, 'Ann', 'Lee'), (40, NULL, 'Lee')");

    moved(f.run());

    f.target("INSERT INTO t (a, first, last) VALUES (11, 'Bo', 'Ek')");
    assertThat(f.rows("SELECT twice, \"full\", big FROM t ORDER BY a"))
        .isEqualTo("8|Ann Lee|f\n22|Bo Ek|t\n80|∅|t");
  }
}
