package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PostgreSQL's own constraints refuse is named by the rows of the source, and beforehand. */
class ConstraintsIT {
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

  /** The same from a dry run and from a move, and neither has changed anything. */
  private static JsonNode refused(TransferFixture f, String rule) throws Exception {
    String before = f.dump();
    Report dry = f.dryRun();
    assertThat(dry.outcome()).as(dry.json().toPrettyString()).isEqualTo("refused");
    Report report = f.run();
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    assertThat(dry.json().path("findings")).isEqualTo(report.json().path("findings"));
    assertThat(f.dump()).isEqualTo(before);
    assertThat(report.json().path("findings").findValuesAsText("rule")).containsOnly(rule);
    return report.json().path("findings");
  }

  @Test
  void rowsThatAreTheSameToAKeyAfterwards() throws Exception {
    JsonNode findings =
        refused(
            fixture()
                .source(
                    "CREATE TABLE t (id integer PRIMARY KEY, k, mail)",
                    "INSERT INTO t VALUES (1, 1, 'a@x'), (2, '1', 'A@X'), (3, 2, NULL), (4, 3, NULL)")
                .target(
                    "CREATE TABLE t (id integer PRIMARY KEY, k text CONSTRAINT k UNIQUE, mail text)",
                    "CREATE UNIQUE INDEX mail ON t (lower(mail))"),
            "duplicate-key");

    assertThat(findings.findValuesAsText("detail")).containsExactlyInAnyOrder("k", "mail");
    assertThat(findings.findValues("rowids"))
        .allSatisfy(rows -> assertThat(rows.toString()).isEqualTo("[1,2]"));
  }

  @Test
  void rowsThatBreakACheckOrADomain() throws Exception {
    JsonNode findings =
        refused(
            fixture()
                .source(
                    "CREATE TABLE t (id integer PRIMARY KEY, n, d)",
                    "INSERT INTO t VALUES (1, 1, 'x'), (2, -1, 'x'), (3, 1, 'no'), (4, 1, 'no')")
                .target(
                    "CREATE DOMAIN label AS text CHECK (VALUE <> 'no')",
                    "CREATE TABLE t (id integer PRIMARY KEY, n integer CHECK (n > 0), d label)"),
            "check-violated");

    assertThat(findings.at("/0/column").asText()).isEqualTo("d");
    assertThat(findings.at("/0/rowids").toString()).isEqualTo("[3,4]");
    assertThat(findings.at("/1/detail").asText()).isEqualTo("t_n_check");
    assertThat(findings.at("/1/rowids").toString()).isEqualTo("[2]");
  }

  @Test
  void rowsThatAreTooLargeForAnIndex() throws Exception {
    JsonNode findings =
        refused(
            fixture()
                .source(
                    "CREATE TABLE t (id integer PRIMARY KEY, v)",
                    "INSERT INTO t VALUES (1, 'short'), (2, hex(randomblob(5000)))")
                .target(
                    "CREATE TABLE t (id integer PRIMARY KEY, v text)", "CREATE INDEX v ON t (v)"),
            "index-row-too-large");

    assertThat(findings.at("/0/detail").asText()).isEqualTo("v");
    assertThat(findings.at("/0/rowids").toString()).isEqualTo("[2]");
  }

  @Test
  void orphansOfKeysThatOnlyTheServerCanCompare() throws Exception {
    JsonNode findings =
        refused(
            fixture()
                .source(
                    "CREATE TABLE c (id integer PRIMARY KEY, p, code)",
                    "CREATE TABLE p (n)",
                    "INSERT INTO p VALUES (1.5)",
                    "INSERT INTO c VALUES (1, 1.5, 'DE'), (2, 2.5, 'XX')")
                .target(
                    "CREATE TABLE p (n numeric PRIMARY KEY)",
                    "CREATE TABLE land (code text PRIMARY KEY)",
                    "INSERT INTO land VALUES ('DE')",
                    "CREATE TABLE c (id integer PRIMARY KEY, p numeric REFERENCES p,"
                        + " code text REFERENCES land)"),
            "parent-row-missing");

    assertThat(findings).hasSize(2);
    assertThat(findings.findValues("rowids"))
        .allSatisfy(rows -> assertThat(rows.toString()).isEqualTo("[2]"));
  }

  @Test
  void caseMakesAnotherKeyWhateverTheCollationOfTheSource() throws Exception {
    JsonNode findings =
        refused(
            fixture()
                .source(
                    "CREATE TABLE p (k text COLLATE NOCASE PRIMARY KEY)",
                    "CREATE TABLE c (id integer PRIMARY KEY, k text COLLATE NOCASE REFERENCES p)",
                    "INSERT INTO p VALUES ('a')",
                    "INSERT INTO c VALUES (1, 'a'), (2, 'A')")
                .target(
                    "CREATE TABLE p (k text PRIMARY KEY)",
                    "CREATE TABLE c (id integer PRIMARY KEY, k text REFERENCES p)"),
            "parent-row-missing");

    assertThat(findings.at("/0/rowids").toString()).isEqualTo("[2]");
  }

  @Test
  void twoNullsInAKeyOfText() throws Exception {
    JsonNode findings =
        refused(
            fixture()
                .source(
                    "CREATE TABLE t (k text PRIMARY KEY, v)",
                    "INSERT INTO t VALUES (NULL, 1), (NULL, 2)")
                .target("CREATE TABLE t (k text PRIMARY KEY, v integer)"),
            "null-in-not-null-column");

    assertThat(findings.at("/0/rowids").toString()).isEqualTo("[1,2]");
  }

  @Test
  void uuidsThatAreBytesHereAndTextThereAreTheSameParent() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE p (id blob PRIMARY KEY)",
                "CREATE TABLE c (p text)",
                "INSERT INTO p VALUES (x'000102030405060708090a0b0c0d0e0f')",
                "INSERT INTO c VALUES ('00010203-0405-0607-0809-0a0b0c0d0e0f')")
            .target("CREATE TABLE p (id uuid PRIMARY KEY)", "CREATE TABLE c (p uuid REFERENCES p)");

    assertThat(f.run().outcome()).isEqualTo("moved");
  }

  /** Two tables may have a column of one name. */
  @Test
  void orphansOfOneTableDoNotHideThoseOfAnother() throws Exception {
    Report report =
        fixture()
            .source(
                "CREATE TABLE p (id integer PRIMARY KEY)",
                "CREATE TABLE q (n)",
                "CREATE TABLE a (id integer PRIMARY KEY, ref)",
                "CREATE TABLE b (id integer PRIMARY KEY, ref)",
                "INSERT INTO a VALUES (1, 7)",
                "INSERT INTO q VALUES (1.5)",
                "INSERT INTO b VALUES (2, 2.5)")
            .target(
                "CREATE TABLE p (id integer PRIMARY KEY)",
                "CREATE TABLE q (n numeric PRIMARY KEY)",
                "CREATE TABLE a (id integer PRIMARY KEY, ref integer REFERENCES p)",
                "CREATE TABLE b (id integer PRIMARY KEY, ref numeric REFERENCES q)")
            .dryRun();

    assertThat(report.json().path("findings").findValuesAsText("table"))
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aRoleWithoutTemporaryTablesTriesTheValuesAtLeast() throws Exception {
    TransferFixture f =
        fixture()
            .source("CREATE TABLE t (v)", "INSERT INTO t VALUES (1)")
            .target("CREATE TABLE t (v integer CHECK (v > 0))");
    server.admin("postgres", "REVOKE TEMPORARY ON DATABASE " + f.database + " FROM PUBLIC, app");

    Report report = f.dryRun();

    assertThat(report.outcome()).isEqualTo("planned");
    assertThat(report.json().at("/notes/0").asText()).contains("temporary tables");
    assertThat(f.run().outcome()).isEqualTo("moved");
  }

  @Test
  void warningsDoNotStandInTheWay() throws Exception {
    Report report =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, s string, j json, at datetime)",
                "INSERT INTO t VALUES (1500000000, '007', '12345678901234567890', 1704164645)")
            .target("CREATE TABLE t (id integer PRIMARY KEY, s text, j jsonb, at timestamp)")
            .run();

    assertThat(report.outcome()).isEqualTo("moved");
    assertThat(report.json().path("warnings").findValuesAsText("rule"))
        .containsExactlyInAnyOrder(
            "number-may-have-been-text",
            "json-number-may-have-lost-digits",
            "epoch-unit-decided",
            "ids-near-the-end-of-their-type");
  }

  @Test
  void anotherSchemaThanTheFirst() throws Exception {
    TransferFixture f =
        fixture()
            .source("CREATE TABLE t (v)", "INSERT INTO t VALUES (1)")
            .target(
                "CREATE SCHEMA two", "CREATE TABLE two.t (v integer)", "CREATE TABLE t (v text)")
            .into("two");

    assertThat(f.run().outcome()).isEqualTo("moved");
    assertThat(f.rows("TABLE two.t")).isEqualTo("1");
    assertThat(f.rows("TABLE public.t")).isEmpty();
  }

  @Test
  void aCheckpointStoreStaysWhereItIs() throws Exception {
    String columns = "(thread_id text, checkpoint_ns text, checkpoint_id text, checkpoint blob)";
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE checkpoints " + columns,
                "CREATE TABLE writes " + columns,
                "CREATE TABLE t (v)",
                "INSERT INTO t VALUES (1)")
            .target(
                "CREATE TABLE checkpoints " + columns.replace("blob", "jsonb"),
                "CREATE TABLE t (v integer)");
    assertThat(f.run().json().path("skipped").findValuesAsText("reason"))
        .contains("a LangGraph checkpoint store, and empty");

    f = fixture().unlocked().source("INSERT INTO writes VALUES ('1', '', '1', x'81')");
    assertThat(f.run().json().at("/findings/0/rule").asText()).isEqualTo("table-not-row-mappable");
  }

  @Test
  void aComputedColumnThatCannotBeReadIsAFinding() throws Exception {
    TransferFixture f = fixture();
    try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + f.file);
        var statement = connection.createStatement()) {
      org.sqlite.Function.create(
          connection,
          "twice",
          new org.sqlite.Function() {
            @Override
            protected void xFunc() throws java.sql.SQLException {
              result(2 * value_int(0));
            }
          },
          1,
          org.sqlite.Function.FLAG_DETERMINISTIC);
      statement.executeUpdate("CREATE TABLE t (a integer, v GENERATED ALWAYS AS (twice(a)))");
      statement.executeUpdate("INSERT INTO t (a) VALUES (4)");
    }
    f.target("CREATE TABLE t (a integer, v integer)");

    assertThat(f.run().json().at("/findings/0/rule").asText())
        .isEqualTo("source-column-unreadable");
  }
}
