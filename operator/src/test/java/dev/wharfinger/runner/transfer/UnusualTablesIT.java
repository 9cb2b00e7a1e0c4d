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

/** A table that is not one table of rows is refused before anything is written. */
class UnusualTablesIT {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TABLE t (id bigint) PARTITION BY RANGE (id);"
            + " CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (9) | it is in partitions",
        "CREATE TABLE t (id bigint) PARTITION BY LIST (id);"
            + " CREATE TABLE t_1 PARTITION OF t DEFAULT | it is in partitions",
        "CREATE TABLE t (id bigint) PARTITION BY HASH (id) | it is in partitions",
        "CREATE TABLE whole (id bigint) PARTITION BY RANGE (id);"
            + " CREATE TABLE t PARTITION OF whole FOR VALUES FROM (0) TO (9) | it is a partition",
        "CREATE TABLE t (id bigint); CREATE TABLE more () INHERITS (t); INSERT INTO more VALUES (5)"
            + " | it inherits, or is inherited from",
        "CREATE TABLE less (id bigint); CREATE TABLE t () INHERITS (less)"
            + " | it inherits, or is inherited from",
      })
  void aTableThatIsNotOneTableOfRowsIsRefused(String target, String why) throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (id integer)", "INSERT INTO t VALUES (1)")
            .target(target)
            .replacing();
    String before = f.dump();

    Report report = f.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().path("findings").findValuesAsText("rule"))
        .containsExactly("table-out-of-reach");
    assertThat(report.json().at("/findings/0/detail").asText()).isEqualTo(why);
    assertThat(f.dump()).isEqualTo(before);
  }

  @Test
  void anEmptyTableLeavesThePartitionsAlone() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (id integer)", "CREATE TABLE u (id integer)")
            .source("INSERT INTO u VALUES (1)")
            .target(
                "CREATE TABLE u (id bigint)",
                "CREATE TABLE t (id bigint) PARTITION BY RANGE (id)",
                "CREATE TABLE t_1 PARTITION OF t DEFAULT",
                "INSERT INTO t VALUES (5)")
            .replacing();

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("TABLE t")).isEqualTo("5");
    assertThat(report.json().path("skipped").toString()).contains("it is in partitions");
  }
}
