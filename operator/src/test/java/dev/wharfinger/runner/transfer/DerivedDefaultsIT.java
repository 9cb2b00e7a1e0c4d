package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defaults in a derived schema. */
class DerivedDefaultsIT {
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

  @Test
  void constantsAreWhatSqliteStoresForThem() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE t (n integer, b1 boolean NOT NULL DEFAULT TRUE, b2 bool DEFAULT false,"
                + " b3 boolean DEFAULT 1, s1 text NOT NULL DEFAULT 'it''s', s2 text DEFAULT 5,"
                + " s3 varchar(9) DEFAULT \"a\\b\", s4 text DEFAULT '', s5 text DEFAULT NULL,"
                + " i1 integer DEFAULT '7', i2 integer DEFAULT -8, i3 bigint DEFAULT (60 * 60),"
                + " r real DEFAULT 1, d decimal(5,2) DEFAULT +9.5, j json NOT NULL DEFAULT '{}',"
                + " x blob DEFAULT x'00ff', day date NOT NULL DEFAULT '2024-02-29',"
                + " at datetime DEFAULT '1970-01-01 00:00:00', clock time DEFAULT '23:59',"
                + " id integer PRIMARY KEY DEFAULT 3)",
            "INSERT INTO t (n) VALUES (1)");

    Report report = f.run();

    moved(report);
    assertThat(report.json().path("skipped")).isEmpty();
    f.target("INSERT INTO t (n) VALUES (1)");
    assertThat(f.rows("SELECT count(DISTINCT to_jsonb(t) - 'id'), count(*) FROM t"))
        .isEqualTo("1|2");
    assertThat(f.rows("SELECT b1, b2, b3, s1, s2, s3, s4, s5, i1, i2, i3, r, d FROM t LIMIT 1"))
        .isEqualTo("t|f|t|it's|5|a\\b||∅|7|-8|3600|1|9.5");
    assertThat(f.rows("SELECT j, x, day, at, clock FROM t LIMIT 1"))
        .isEqualTo("{}|\\x00ff|2024-02-29|1970-01-01 00:00:00|23:59:00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "v integer; 'none'",
        "v boolean; 2",
        "v varchar(2); 'long'",
        "v datetime; 'never'",
        "v datetime; 0",
        "v date; '2024-01-01 00:00:00'",
      })
  void constantThatTheTypeDoesNotTakeIsRefusedAtANotNullColumn(String column, String constant)
      throws Exception {
    TransferFixture f =
        fixture("CREATE TABLE t (" + column + " NOT NULL DEFAULT " + constant + ")");

    for (Report report : new Report[] {f.dryRun(), f.run()}) {
      assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
      var finding = report.json().at("/findings/0");
      assertThat(finding.path("rule").asText()).isEqualTo("default-not-translatable");
      assertThat(finding.path("column").asText()).isEqualTo("v");
      assertThat(finding.path("detail").asText()).isEqualTo(constant);
      assertThat(finding.path("advice").asText()).contains("Flyway");
    }
  }

  @Test
  void otherDefaultsAreLeftOutAndListed() throws Exception {
    Report report =
        fixture(
                "CREATE TABLE t (a integer DEFAULT 'none', b text NOT NULL DEFAULT"
                    + " (datetime('now')), c text DEFAULT CURRENT_TIMESTAMP, d timestamp DEFAULT"
                    + " current_timestamp)")
            .run();

    moved(report);
    assertThat(report.json().path("skipped").findValuesAsText("name"))
        .containsExactlyInAnyOrder("t.a", "t.b", "t.c");
  }
}
