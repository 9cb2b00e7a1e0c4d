package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where new ids go on. */
class SequencesIT {
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

  private TransferFixture fixture() throws Exception {
    return new TransferFixture(server, directory);
  }

  private static void moved(Report report) {
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
  }

  private static void exhausted(TransferFixture f) throws Exception {
    for (Report report : new Report[] {f.dryRun(), f.run()}) {
      assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
      assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("sequence-exhausted");
      assertThat(report.json().at("/findings/0/column").asText()).isEqualTo("id");
    }
  }

  @Test
  void noNumberLeftIsFoundByTheDryRun() throws Exception {
    String[] source = {
      "CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (9223372036854775807)"
    };
    exhausted(fixture().source(source).deriving());
    TransferFixture narrow =
        new TransferFixture(server, java.nio.file.Files.createDirectory(directory.resolve("n")));
    exhausted(
        narrow
            .source("CREATE TABLE t (id integer)", "INSERT INTO t VALUES (2147483647)")
            .target("CREATE TABLE t (id serial)"));
  }

  @Test
  void columnsThatHoldNoNumbersAndColumnsThatAreNotMovedAreLeftAlone() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (code text, amount integer)",
                "INSERT INTO t VALUES ('ORD-7', 1), ('8', 20)")
            .target(
                "CREATE SEQUENCE codes",
                "CREATE SEQUENCE amounts",
                "CREATE TABLE t (code text DEFAULT nextval('codes')::text,"
                    + " amount numeric DEFAULT nextval('amounts'), place bigserial)",
                "CREATE TABLE mine (id serial, v integer)",
                "INSERT INTO mine (v) SELECT g FROM generate_series(1, 9) g",
                "DELETE FROM mine WHERE id > 2");

    Report report = f.run();

    moved(report);
    assertThat(report.json().path("sequences").toString()).isEqualTo("{\"public.amounts\":21}");
    assertThat(report.json().at("/notes/0").asText()).contains("public.codes").contains("t.code");
    assertThat(f.rows("INSERT INTO mine (v) VALUES (0) RETURNING id")).isEqualTo("10");
    assertThat(f.rows("INSERT INTO t (code) VALUES ('x') RETURNING amount, place"))
        .isEqualTo("21|3");
  }

  @Test
  void sequenceOfTwoTablesNeverGoesBack() throws Exception {
    TransferFixture f =
        fixture()
            .source("CREATE TABLE t (id integer)", "INSERT INTO t VALUES (3)")
            .target(
                "CREATE SEQUENCE ids",
                "CREATE TABLE t (id bigint DEFAULT nextval('ids'))",
                "CREATE TABLE other (id bigint DEFAULT nextval('ids'))",
                "INSERT INTO other SELECT nextval('ids') FROM generate_series(1, 5)");

    moved(f.run());

    assertThat(f.rows("INSERT INTO t DEFAULT VALUES RETURNING id")).isEqualTo("6");
  }
}
