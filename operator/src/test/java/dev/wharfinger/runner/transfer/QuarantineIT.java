package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that would be refused are left out and kept, byte by byte, in the target. */
class QuarantineIT {
  private static final String KEPT =
      "SELECT storage || ' ' || coalesce(integer_value::text,"
          + " encode(float8send(real_value), 'hex'), encode(bytes, 'hex'), '')"
          + " FROM wharfinger.quarantine_cell ORDER BY row_id, position";

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

  /** Half a character, or what is none. */
  private static String broken(String encoding) {
    return switch (encoding) {
      case "UTF-16le" -> "00d86100";
      case "UTF-16be" -> "d8000061";
      default -> "c328ff";
    };
  }

  private TransferFixture fixture(String encoding) throws Exception {
    return new TransferFixture(server, directory)
        .source(
            "PRAGMA encoding='" + encoding + "'",
            "CREATE TABLE t (id integer PRIMARY KEY, v, r, x, only_here)",
            "INSERT INTO t (id, v, r, x) VALUES (1, 'good', 0.5, x'00ff')",
            "INSERT INTO t (id, v, r, x) VALUES (9, 'secret' || char(0) || 'ü', 9e999, x'')",
            "INSERT INTO t (id, v, r, x) VALUES (11, CAST(x'%s' AS text), -0.0, NULL)"
                .formatted(broken(encoding)),
            "INSERT INTO t (id, v, r, x) VALUES (12, 7, 0.30000000000000004, 'bytes')")
        .target("CREATE TABLE t (id serial PRIMARY KEY, v text, r double precision, x bytea)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16le", "UTF-16be"})
  void aRowIsKeptWholeAsSqliteStoresIt(String encoding) throws Exception {
    TransferFixture f = fixture(encoding).policy("quarantine@t.v=rows");
    List<String> wanted = new ArrayList<>();
    for (String id : List.of("9", "11")) {
      for (String column : List.of("id", "v", "r", "x", "only_here")) {
        wanted.add(f.stored("t", column, id));
      }
    }

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT id, v FROM t ORDER BY id")).isEqualTo("1|good\n12|7");
    assertThat(f.rows(KEPT).split("\n")).containsExactlyElementsOf(wanted);
    assertThat(f.rows("SELECT operation, target, encoding FROM wharfinger.quarantine LIMIT 1"))
        .isEqualTo(f.operation + "|\"public\".\"t\"|" + encoding);
    assertThat(report.json().at("/tables/0/quarantinedRows").asLong()).isEqualTo(2);
    assertThat(report.json().at("/tables/0/droppedRows").asLong()).isZero();
    assertThat(report.json().toString()).doesNotContain("secret").contains("text-is-not-utf-8");
    assertThat(f.rows("SHOW search_path")).doesNotContain("wharfinger");
  }

  @Test
  void whatIsPutBackAfterMendingTakesAnIdThatNobodyElseGot() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE note (id integer PRIMARY KEY, title text, created text)",
                "INSERT INTO note VALUES (1, 'a', '2024-01-01'), (17, 'b', 'soon')")
            .target("CREATE TABLE note (id serial PRIMARY KEY, title text, created date)")
            .policy("quarantine=rows");
    assertThat(f.run().outcome()).isEqualTo("moved");
    assertThat(f.rows("INSERT INTO note (title) VALUES ('new') RETURNING id")).isEqualTo("18");

    f.target(
        """
        BEGIN;
        INSERT INTO note (id, title, created)
        SELECT max(integer_value) FILTER (WHERE column_name = 'id'),
               convert_from(string_agg(bytes, '') FILTER (WHERE column_name = 'title'), 'UTF8'),
               '2024-01-02'
        FROM wharfinger.quarantine_cell WHERE table_name = 'note' AND row_id = 17;
        DELETE FROM wharfinger.quarantine WHERE table_name = 'note' AND row_id = 17;
        COMMIT\
        """);

    assertThat(f.rows("SELECT title, created FROM note WHERE id = 17")).isEqualTo("b|2024-01-02");
    assertThat(f.rows("SELECT count(*) FROM wharfinger.quarantine_cell")).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({
    "'2147483648', integer, integer-out-of-range",
    "'''maybe''', inet, text-rejected-by-server",
    "'''1.5 seconds''', interval(0), value-changed-by-type",
    "NULL, integer NOT NULL, null-in-not-null-column",
  })
  void anyValueThatIsRefusedMayBeKeptAside(String value, String type, String rule)
      throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v)",
                "INSERT INTO t VALUES (7, " + value + ")")
            .target("CREATE TABLE t (id integer PRIMARY KEY, v " + type + ")");
    assertThat(f.dryRun().json().at("/findings/0/rule").asText()).isEqualTo(rule);

    Report report = f.policy("quarantine@t=rows").run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    JsonNode decided = report.json().at("/decided/0");
    assertThat(decided.path("rule").asText()).isEqualTo(rule);
    assertThat(decided.path("kind").asText()).isEqualTo("quarantine");
    assertThat(decided.path("rowids").toString()).isEqualTo("[7]");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("0");
  }

  @Test
  void theKindOfTheTroubleDecidesBeforeTheGeneralPolicy() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, a, b, c)",
                "INSERT INTO t VALUES (1, 'x' || char(0), 2, '{'), (2, 'y', 2, '{}')")
            .target("CREATE TABLE t (id integer PRIMARY KEY, a text, b boolean, c json)")
            .policy("nul-in-text=strip")
            .policy("boolean-number=fail")
            .policy("quarantine=rows");
    assertThat(f.dryRun().json().path("findings").findValuesAsText("rule"))
        .containsExactly("number-is-no-boolean");

    f.policy("boolean-number@t.b=nonzero-is-true").policy("invalid-json=quarantine");

    assertThat(f.run().outcome()).isEqualTo("moved");
    assertThat(f.rows("SELECT id, b FROM t")).isEqualTo("2|t");
  }

  private TransferFixture family() throws Exception {
    return new TransferFixture(server, directory)
        .source(
            "CREATE TABLE a (id integer PRIMARY KEY, v)",
            "CREATE TABLE b (x text, y text, a_id integer, PRIMARY KEY (x, y)) WITHOUT ROWID",
            "CREATE TABLE c (id integer PRIMARY KEY, x text, y text)",
            "INSERT INTO a VALUES (1, 1), (2, 'many')",
            "INSERT INTO b VALUES ('p', 'q', 1), ('p', 'r', 2), ('p', 's', 3)",
            "INSERT INTO c VALUES (100, 'p', 'q'), (101, 'p', 'r'), (102, 'p', NULL)")
        .target(
            "CREATE TABLE a (id bigint PRIMARY KEY, v integer)",
            "CREATE TABLE b (x text, y text, a_id bigint REFERENCES a, PRIMARY KEY (x, y))",
            "CREATE TABLE c (id bigint PRIMARY KEY, x text, y text,"
                + " FOREIGN KEY (x, y) REFERENCES b)");
  }

  @Test
  void childrenFollowTheirParentsIntoQuarantineOrAreRefused() throws Exception {
    TransferFixture f = family().policy("quarantine@a=rows");
    Report refused = f.dryRun();
    assertThat(refused.json().at("/findings/0/rule").asText()).isEqualTo("parent-row-missing");
    assertThat(refused.json().at("/findings/0/count").asLong()).isEqualTo(2);

    Report report = f.policy("orphans=quarantine").run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT id FROM a")).isEqualTo("1");
    assertThat(f.rows("SELECT y FROM b")).isEqualTo("q");
    assertThat(f.rows("SELECT id FROM c ORDER BY 1")).isEqualTo("100\n102");
    assertThat(
            f.rows(
                "SELECT table_name, row_id, column_name, rule FROM wharfinger.quarantine ORDER BY"
                    + " 1, 2"))
        .isEqualTo(
            "a|2|v|text-is-no-integer\nb|2|a_id|parent-row-missing\nb|3|a_id|parent-row-missing\n"
                + "c|101|x,y|parent-row-missing");
  }

  @Test
  void whatTheServerDoesNotReadOrWouldChangeIsFoundInItsOwnRow() throws Exception {
    // SQLite would rather read the column from the index, in another order.
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (k text PRIMARY KEY, v text) WITHOUT ROWID",
                "CREATE INDEX by_v ON t (v)",
                "INSERT INTO t VALUES ('a', '3 days'), ('b', '1.5 seconds'), ('c', 'a while'),"
                    + " ('d', '1 day')")
            .target("CREATE TABLE t (k text PRIMARY KEY, v interval(0))")
            .policy("quarantine@t=rows");

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT k FROM t ORDER BY 1")).isEqualTo("a\nd");
    assertThat(f.rows("SELECT row_id, rule FROM wharfinger.quarantine ORDER BY 1"))
        .isEqualTo("2|value-changed-by-type\n3|text-rejected-by-server");
  }

  @Test
  void childrenMayStayBehindWhereTheirParentIsKept() throws Exception {
    TransferFixture f = family().policy("quarantine@a=rows").policy("orphans=delete");

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT count(*) FROM wharfinger.quarantine")).isEqualTo("1");
    assertThat(report.json().path("tables").findValuesAsText("droppedRows"))
        .containsExactly("0", "2", "1");
  }

  @Test
  void aRoleThatMayNotMakeASchemaIsToldWhileTheApplicationRuns() throws Exception {
    TransferFixture f = fixture("UTF-8").policy("quarantine=rows");
    server.admin("postgres", "ALTER DATABASE " + f.database + " OWNER TO postgres");

    Report report = f.dryRun();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("quarantine-not-allowed");
    assertThat(report.json().at("/findings/0/advice").asText()).contains("CREATE on the database");
  }

  @Test
  void aDryRunAndARefusedMoveKeepNothing() throws Exception {
    TransferFixture f = fixture("UTF-8").policy("quarantine=rows");
    Report planned = f.dryRun();
    assertThat(planned.outcome()).as(planned.json().toPrettyString()).isEqualTo("planned");
    assertThat(planned.json().path("notes").toString()).contains("2 rows are left out");
    assertThat(f.rows("SELECT to_regclass('wharfinger.quarantine')")).isEqualTo("∅");

    f.target("ALTER TABLE t ADD CHECK (id < 12)");

    assertThat(f.run().outcome()).isEqualTo("refused");
    assertThat(f.rows("SELECT to_regclass('wharfinger.quarantine')")).isEqualTo("∅");
  }
}
