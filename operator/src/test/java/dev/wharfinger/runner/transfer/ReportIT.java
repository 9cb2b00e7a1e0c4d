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

  private static JsonNode skipped(JsonNode report, String name) {
    for (JsonNode one : report.path("skipped")) {
      if (one.path("name").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError(name + " is not among " + report.path("skipped"));
  }
}
