package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person decides is done, counted and listed; without it the same is refused. */
class PoliciesIT {
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
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'a' || char(0) || 'b'; text; nul-in-text=strip; ab",
        "'a' || char(0) || 'b'; text; nul-in-text=replace; a�b",
        "CAST(x'e9' AS text); text; invalid-utf-8=latin1; é",
        "CAST(x'61ff62' AS text); text; invalid-utf-8=replace; a�b",
        "x'00ff'; text; bytes-in-text=hex; 00ff",
        "x'6869'; text; bytes-in-text=base64; aGk=",
        "'{oops'; json; invalid-json=string; \"{oops\"",
        "'[NaN, \"NaN\", -Infinity]'; jsonb; json-not-a-number=null; [null, \"NaN\", null]",
        "'[NaN, -Infinity]'; json; json-not-a-number=string; [\"NaN\", \"-Infinity\"]",
        "9e999; json; json-not-a-number=null; null",
        "'{\"a\":1,\"a\":2}'; jsonb; json-duplicate-key=last; {\"a\": 2}",
        "'\"a\\u0000b\\\\u0000\"'; jsonb; nul-in-jsonb=strip; \"ab\\\\u0000\"",
        "-7; boolean; boolean-number=nonzero-is-true; true",
        "0.5; boolean; boolean-number=nonzero-is-true; true",
        "9007199254740993; double precision; inexact-number=allow; 9.007199254740992e+15",
        "0.1; real; inexact-number=allow; 0.1",
        "1.235; numeric(6,2); inexact-number=allow; 1.24",
        "-1.235; numeric(6,2); inexact-number=allow; -1.24",
        "'2024-01-02 03:04:05.123456789'; timestamp; time-precision=round; 2024-01-02 03:04:05.123457",
        "'2024-01-02 23:59:59.5'; timestamp(0); time-precision=round; 2024-01-03 00:00:00",
        "1704164645.1234567; timestamp; time-precision=round; 2024-01-02 03:04:05.123457",
        "'0000-00-00 00:00:00'; timestamp; zero-date=null; ∅",
        "''; integer NOT NULL; empty-text=zero; 0",
        "''; boolean NOT NULL; empty-text=zero; false",
        "0; timestamp; epoch-unit=seconds; 1970-01-01 00:00:00",
        "-1; timestamptz; epoch-unit=milliseconds; 1969-12-31 23:59:59.999+00",
        "90000000; interval; epoch-unit=microseconds; 00:01:30",
        "'2024-07-02 03:04:05'; timestamptz; source-time-zone=Europe/Berlin; 2024-07-02 01:04:05+00",
      })
  void aDecisionLetsAValueInAndIsListed(String value, String type, String policy, String expected)
      throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v)",
                "INSERT INTO t VALUES (7, " + value + ")")
            .target("CREATE TABLE t (id integer PRIMARY KEY, v " + type + ")");
    boolean anyway = policy.startsWith("source-time-zone") || value.equals("x'6869'");
    if (!anyway) {
      assertThat(f.dryRun().outcome()).isEqualTo("refused");
    }

    Report report = f.policy(policy.replace("=", "@T.V=")).run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT v::text FROM t")).isEqualTo(expected);
    JsonNode decided = report.json().at("/decided/0");
    boolean listed = !policy.startsWith("epoch-unit") || type.equals("interval");
    if (listed) {
      assertThat(decided.path("kind").asText()).isEqualTo(policy.replaceAll("=.*", ""));
      assertThat(decided.path("rowids").toString()).isEqualTo("[7]");
      assertThat(report.json().at("/tables/0/columns/1/chosen").asLong()).isEqualTo(1);
    }
    assertThat(report.json().at("/policies/0/column").asText()).isEqualTo("V");
  }

  @ParameterizedTest
  @CsvSource({
    "1720000000, julian-days",
    "1720000000.5, julian-days",
    "1e300, seconds",
    "-9e15, seconds"
  })
  void aNumberThatIsNoTimeInTheUnitThatWasChosenIsRefused(String number, String unit)
      throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (v)", "INSERT INTO t VALUES (" + number + ")")
            .target("CREATE TABLE t (v timestamp)")
            .policy("epoch-unit@t.v=" + unit)
            .policy("time-precision@t.v=round");

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("epoch-unit-ambiguous");
  }

  @Test
  void PIP_whatTheTargetHasNoPlaceForStaysBehindWhereThatIsSaid() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, old_id integer)",
                "CREATE TABLE epics (id integer PRIMARY KEY, t_id REFERENCES t)",
                "INSERT INTO t VALUES (1, 5), (2, NULL)",
                "INSERT INTO epics VALUES (1, 1), (2, 1), (3, 1)")
            .target("CREATE TABLE t (id integer PRIMARY KEY)");
    assertThat(f.dryRun().json().at("/findings").findValuesAsText("rule"))
        .containsExactlyInAnyOrder("table-missing-in-target", "column-missing-in-target");
    assertThat(f.policy("missing-in-target@epics=ignore").dryRun().outcome()).isEqualTo("refused");

    Report report = f.policy("missing-in-target@t.old_id=ignore").run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("2");
    JsonNode decided = report.json().path("decided");
    assertThat(decided.findValuesAsText("table")).containsExactly("epics", "t");
    assertThat(decided.findValuesAsText("count")).containsExactly("3", "1");
    assertThat(report.json().path("skipped").findValuesAsText("name"))
        .contains("epics", "t.old_id");
  }

  @Test
  void theClosestDecisionCounts() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (a, b)", "INSERT INTO t VALUES (2, 2)")
            .target("CREATE TABLE t (a boolean, b boolean)")
            .policy("boolean-number@t.b=fail")
            .policy("boolean-number=nonzero-is-true");

    JsonNode findings = f.run().json().path("findings");

    assertThat(findings.findValuesAsText("column")).containsExactly("b");
  }

  @Test
  void anHourThatIsSkippedIsRefusedAndOneThatComesTwiceIsCounted() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v)",
                "INSERT INTO t VALUES (1, '2024-10-27 02:30:00'), (2, '2024-03-31 02:30:00')")
            .target("CREATE TABLE t (id integer PRIMARY KEY, v timestamptz)")
            .policy("source-time-zone=Europe/Berlin");

    Report refused = f.run();
    assertThat(refused.json().at("/findings/0/rule").asText())
        .isEqualTo("local-time-does-not-exist");
    assertThat(refused.json().at("/findings/0/rowids").toString()).isEqualTo("[2]");

    f.unlocked().source("DELETE FROM t WHERE id = 2");
    assertThat(
            f.run().json().at("/tables/0/columns/1/rules/local-time-twice-earlier-taken").asInt())
        .isEqualTo(1);
    assertThat(f.rows("SELECT v FROM t")).isEqualTo("2024-10-27 00:30:00+00");
  }

  private TransferFixture family() throws Exception {
    return new TransferFixture(server, directory)
        .source(
            "CREATE TABLE a (id integer PRIMARY KEY)",
            "CREATE TABLE b (id integer PRIMARY KEY, a_id integer)",
            "CREATE TABLE c (id integer PRIMARY KEY, b_id text)",
            "INSERT INTO a VALUES (1)",
            "INSERT INTO b VALUES (10, 1), (11, 99), (12, 0), (13, 0), (14, 0)",
            "INSERT INTO c VALUES (100, '10'), (101, '11'), (102, NULL)")
        .target(
            "CREATE TABLE a (id bigint PRIMARY KEY)",
            "CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a)",
            "CREATE TABLE c (id bigint PRIMARY KEY, b_id integer REFERENCES b)");
  }

  @Test
  void rowsThatStayBehindTakeTheirChildrenWithThemAndAreNamed() throws Exception {
    TransferFixture f = family().policy("orphans=delete");

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT id FROM b ORDER BY 1")).isEqualTo("10");
    assertThat(f.rows("SELECT id FROM c ORDER BY 1")).isEqualTo("100\n102");
    assertThat(report.json().path("decided").toString())
        .contains("\"rowids\":[11,12,13,14]")
        .contains("\"rowids\":[101]");
  }

  @Test
  void aReferenceThatArrivesAsNullIsNoOrphan() throws Exception {
    TransferFixture f =
        family()
            .source("CREATE TABLE d (id integer PRIMARY KEY, b_id text)")
            .source("INSERT INTO d VALUES (200, ''), (201, '10'), (202, '99')")
            .target("CREATE TABLE d (id bigint PRIMARY KEY, b_id bigint REFERENCES b)")
            .policy("orphans=delete");

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT id, b_id FROM d ORDER BY 1")).isEqualTo("200|∅\n201|10");
  }

  @Test
  void referencesToNothingBecomeNull() throws Exception {
    TransferFixture f = family().policy("orphans@b.a_id=null");

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT id, a_id FROM b ORDER BY 1"))
        .isEqualTo("10|1\n11|∅\n12|∅\n13|∅\n14|∅");
    assertThat(f.rows("SELECT count(*) FROM c")).isEqualTo("3");
  }

  @Test
  void manyRowsWithOneMissingParentAreSaidToBeSo() throws Exception {
    Report report = family().run();

    assertThat(report.json().at("/findings/0/count").asLong()).isEqualTo(4);
    assertThat(report.json().at("/findings/0/detail").asText())
        .contains("3 of the rows refer to one and the same missing row");
  }

  @Test
  void aColumnThatTakesNoNullIsNotSetToNull() throws Exception {
    TransferFixture f =
        family().target("ALTER TABLE b ALTER a_id SET NOT NULL").policy("orphans=null");

    assertThat(f.run().json().at("/findings/0/rule").asText()).isEqualTo("parent-row-missing");
  }

  @Test
  void aMisspeltNameIsNoDecision() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (at text)", "INSERT INTO t VALUES ('2024-01-01')")
            .target("CREATE TABLE t (at timestamptz)")
            .policy("source-time-zone@t.ad=Europe/Berlin");

    Report report = f.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("nothing-there-for-policy");
    assertThat(report.json().at("/findings/0/column").asText()).isEqualTo("ad");
  }

  @Test
  void ofABrokenUtf16TextOnlyWhatIsBrokenIsReplaced() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "PRAGMA encoding='UTF-16le'",
                "CREATE TABLE t (v)",
                "INSERT INTO t VALUES (CAST(x'610000d86200' AS text))")
            .target("CREATE TABLE t (v text)");
    assertThat(f.dryRun().json().at("/findings/0/rule").asText()).isEqualTo("text-is-not-utf-8");

    assertThat(f.policy("invalid-utf-8=replace").run().outcome()).isEqualTo("moved");
    assertThat(f.rows("TABLE t")).startsWith("a\uFFFD").endsWith("b");
  }

  @ParameterizedTest
  @CsvSource({"nul-in-text", "nul-in-text=sweep", "nothing=fail", "source-time-zone=Nowhere/City"})
  void nonsenseIsToldApart(String text) {
    assertThatThrownBy(() -> Policies.Policy.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
