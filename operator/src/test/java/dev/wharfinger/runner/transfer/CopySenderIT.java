package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are sent while others are read: in their order, and to the first error. */
class CopySenderIT {
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

  private static String rows(int count, String length) {
    return """
    INSERT INTO t WITH RECURSIVE n(value) AS
      (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < %d)
    SELECT value, zeroblob(%s) FROM n\
    """
        .formatted(count, length);
  }

  @Test
  void longRowsAmongShortOnes() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v blob)",
                rows(6000, "CASE WHEN value % 1000 = 1 THEN 400000 ELSE 200 + value % 7 END"))
            .target("CREATE TABLE t (id integer PRIMARY KEY, v bytea)");

    Report report = f.run();

    assertThat(report.outcome()).as(report.message()).isEqualTo("moved");
    assertThat(f.rows("SELECT count(*), sum(length(v)) FROM t WHERE length(v) < 400000"))
        .isEqualTo("5994|1216779");
    assertThat(f.rows("SELECT count(*) FROM t WHERE length(v) = 400000")).isEqualTo("6");
    // Where they stand in the table is the order in which they came.
    assertThat(
            f.rows(
                "SELECT count(*) FROM (SELECT id - lag(id) OVER (ORDER BY ctid) AS d FROM t) x WHERE d <> 1"))
        .isEqualTo("0");
  }

  @Test
  void anErrorOfTheServerWhileThereIsMuchToCome() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (id integer PRIMARY KEY, v blob)", rows(20_000, "1000"))
            .target("CREATE TABLE t (id integer PRIMARY KEY, v bytea, CHECK (id <> 500))");

    Report report = f.run();

    assertThat(report.outcome()).as(report.message()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("check-violated");
    assertThat(report.json().at("/findings/0/rowids").toString()).isEqualTo("[500]");
    assertThat(f.rows("TABLE t")).isEmpty();
  }
}
