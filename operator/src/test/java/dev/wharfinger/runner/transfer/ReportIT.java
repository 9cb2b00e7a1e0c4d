package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says beside its findings. */
class ReportIT {
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

  @Test
  void saysWhereTheSidesDifferAndWhatIsLeftBehind() throws Exception {
    String view = "CREATE VIEW names AS SELECT name FROM t WHERE id > 1";
    JsonNode report =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, name varchar(9), kind)",
                "INSERT INTO t VALUES (1, 'Zoë 🙂', 7), (2, 'Bo', 'seven'), (3, NULL, NULL)",
                view,
                "CREATE TRIGGER watch AFTER INSERT ON t BEGIN SELECT 1; END")
            .target(
                "CREATE TABLE t (id bigint PRIMARY KEY, name varchar(9), kind text,"
                    + " added timestamptz DEFAULT now())",
                "CREATE TABLE newer (id bigint)")
            .run()
            .json();

    assertThat(report.path("outcome").asText()).as(report.toPrettyString()).isEqualTo("moved");
    JsonNode table = report.at("/tables/0");
    assertThat(table.path("columnsOnlyInTarget").toString()).isEqualTo("[\"added\"]");
    assertThat(table.at("/columns/1/longestText").asInt()).isEqualTo(5);
    assertThat(table.at("/columns/1/mixed").asBoolean()).isFalse();
    assertThat(table.at("/columns/2/mixed").asBoolean()).isTrue();
    assertThat(table.at("/columns/2").has("longestText")).isFalse();
    assertThat(skipped(report, "newer").path("reason").asText()).isEqualTo("only in the target");
    assertThat(skipped(report, "names").path("sql").asText()).isEqualTo(view);
    assertThat(skipped(report, "watch").path("sql").asText()).contains("AFTER INSERT ON t");
  }

  @Test
  void aLabelThatIsNotThereIsReportedWithThoseThatAre() throws Exception {
    JsonNode report =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (mood text)", "INSERT INTO t VALUES ('sad'), ('glum')")
            .target("CREATE TYPE mood AS ENUM ('sad', 'so so')", "CREATE TABLE t (mood mood)")
            .run()
            .json();

    JsonNode finding = report.at("/findings/0");
    assertThat(finding.path("rule").asText()).isEqualTo("no-such-enum-label");
    assertThat(finding.path("detail").asText()).isEqualTo("labels: [sad, so so]");
  }

  /** SQLite lets rows in when it is told to; whether PostgreSQL does is another question. */
  @Test
  void rowsThatBreakAcheckOfSqliteAreToldOf() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (v integer CHECK (v > 0))",
                "CREATE TABLE u (v integer CHECK (v > 0))",
                "INSERT INTO t VALUES (1)",
                "INSERT INTO u VALUES (1)",
                "PRAGMA ignore_check_constraints = ON",
                "INSERT INTO t VALUES (-1)")
            .target("CREATE TABLE t (v integer)", "CREATE TABLE u (v integer)");

    JsonNode report = f.run().json();

    assertThat(report.path("outcome").asText()).as(report.toPrettyString()).isEqualTo("moved");
    assertThat(report.path("warnings").findValuesAsText("rule"))
        .containsExactly("source-breaks-its-check");
    assertThat(report.at("/warnings/0/table").asText()).isEqualTo("t");
    assertThat(f.rows("SELECT v FROM t ORDER BY 1")).isEqualTo("-1\n1");
  }

  /** Rows of NULLs alone lose no value, and are rows all the same. */
  @Test
  void aTableWithoutAcommonColumnIsRefusedIfItHasRows() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (old)",
                "CREATE TABLE empty (old)",
                "INSERT INTO t VALUES (NULL), (NULL)")
            .target("CREATE TABLE t (newer text)", "CREATE TABLE empty (newer text)");

    JsonNode report = f.run().json();

    assertThat(report.path("outcome").asText()).as(report.toPrettyString()).isEqualTo("refused");
    assertThat(report.path("findings").findValuesAsText("rule"))
        .containsExactly("no-column-in-common");
    assertThat(report.at("/findings/0/table").asText()).isEqualTo("t");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("0");
  }

  /** The planner of PostgreSQL knows nothing of rows that came by COPY until it is told. */
  @Test
  void theServerHasStatisticsOfWhatWasMoved() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (v text)", "INSERT INTO t VALUES ('a'), ('a'), ('b')")
            .target("CREATE TABLE t (v text)");

    assertThat(f.run().outcome()).isEqualTo("moved");

    assertThat(f.rows("SELECT count(*) FROM pg_stats WHERE tablename = 't'")).isEqualTo("1");
  }

  private static JsonNode skipped(JsonNode report, String name) {
    for (JsonNode one : report.path("skipped")) {
      if (one.path("name").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError(name + " is not among " + report.path("skipped"));
  }
}
