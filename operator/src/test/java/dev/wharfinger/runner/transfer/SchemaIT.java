package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables, keys, indexes, triggers, sequences: found, kept, put back. */
class SchemaIT {
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

  private static void refused(Report report, String rule) {
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo(rule);
  }

  /** No table is known by its name; those without rows are told too. */
  @Test
  void OXY_11_OXY_38_everyTableIsCountedAndHashed() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE threads (id integer PRIMARY KEY)",
                "CREATE TABLE \"my messages\" (id integer PRIMARY KEY, body text)",
                "CREATE TABLE empty (id integer)",
                "INSERT INTO threads VALUES (1), (2), (3)",
                "INSERT INTO \"my messages\" VALUES (1, 'a'), (2, 'b')")
            .target(
                "CREATE TABLE threads (id integer PRIMARY KEY)",
                "CREATE TABLE \"my messages\" (id integer PRIMARY KEY, body text)",
                "CREATE TABLE empty (id integer)");

    Report report = f.run();

    moved(report);
    Map<String, Long> counted = new TreeMap<>();
    for (JsonNode table : report.json().path("tables")) {
      counted.put(table.path("target").asText(), table.path("rows").asLong());
      assertThat(table.path("hash").asText()).isNotBlank();
    }
    assertThat(counted)
        .containsExactly(
            Map.entry("empty", 0L), Map.entry("my messages", 2L), Map.entry("threads", 3L));
    assertThat(report.json().path("rows").asLong()).isEqualTo(5);
    assertThat(f.rows("SELECT count(*) FROM threads")).isEqualTo("3");
    assertThat(f.rows("SELECT count(*) FROM \"my messages\"")).isEqualTo("2");
  }

  @Test
  void sequencesGoPastDeletedIds() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE s (id integer PRIMARY KEY AUTOINCREMENT, v)",
                "CREATE TABLE i (id integer PRIMARY KEY, v)",
                "INSERT INTO s VALUES (1, 1), (90, 1)",
                "DELETE FROM s WHERE id = 90",
                "INSERT INTO i VALUES (5, 1)")
            .target(
                "CREATE TABLE s (id serial PRIMARY KEY, v integer)",
                "CREATE TABLE i (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v integer)");

    moved(f.run());

    assertThat(f.rows("INSERT INTO s (v) VALUES (2) RETURNING id")).isEqualTo("91");
    assertThat(f.rows("INSERT INTO i (v) VALUES (2) RETURNING id")).isEqualTo("6");
  }

  @Test
  void OXY_35_cyclicAndSelfReferencesArriveInAnyOrder() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE a (id integer PRIMARY KEY, b_id integer, up integer)",
                "CREATE TABLE b (id integer PRIMARY KEY, a_id integer)",
                "INSERT INTO a VALUES (1, 10, 2), (2, 10, NULL)",
                "INSERT INTO b VALUES (10, 2)")
            .target(
                "CREATE TABLE a (id integer PRIMARY KEY, b_id integer NOT NULL,"
                    + " up integer REFERENCES a)",
                "CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES a)",
                "ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (b_id) REFERENCES b");

    moved(f.run());

    assertThat(f.rows("SELECT count(*) FROM pg_constraint WHERE contype='f' AND convalidated"))
        .isEqualTo("3");
  }

  @Test
  void orphansOfTheTargetsKeysAreNamed() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE p (id integer PRIMARY KEY)",
                "CREATE TABLE c (p_id int)",
                "INSERT INTO p VALUES (1)",
                "INSERT INTO c VALUES (1), (2), (NULL), (3)")
            .target(
                "CREATE TABLE p (id bigint PRIMARY KEY)",
                "CREATE TABLE c (p_id bigint REFERENCES p)");
    String before = f.dump();

    Report report = f.run();

    refused(report, "parent-row-missing");
    assertThat(report.json().at("/findings/0/rowids").toString()).isEqualTo("[2,4]");
    assertThat(f.dump()).isEqualTo(before);
  }

  @Test
  void keysEqualAfterCoercionAreRefusedAndNothingHappened() throws Exception {
    TransferFixture f =
        fixture()
            .source("CREATE TABLE t (k)", "INSERT INTO t VALUES (1), ('1')")
            .target("CREATE TABLE t (k text PRIMARY KEY)", "CREATE INDEX extra ON t (k)");
    String before = f.dump();

    Report report = f.run();

    refused(report, "duplicate-key");
    assertThat(report.json().at("/findings/0/detail").asText()).isEqualTo("t_pkey");
    assertThat(f.dump()).isEqualTo(before);
  }

  @Test
  void indexesTriggersAndCommentsAreAsBefore() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v text)", "INSERT INTO t VALUES (1,'x')")
            .target(
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                "CREATE INDEX part ON t (lower(v) DESC) WHERE v IS NOT NULL",
                "COMMENT ON INDEX part IS 'it''s kept'",
                "CREATE FUNCTION bang() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN RAISE EXCEPTION ''fired''; END'",
                "CREATE TRIGGER fires BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION bang()",
                "CREATE TRIGGER off BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION bang()",
                "ALTER TABLE t DISABLE TRIGGER off");
    String before = f.dump();

    moved(f.run());

    assertThat(f.dump().replace("1\tx\n", "")).isEqualTo(before);
  }

  @Test
  void generatedColumnsAreComputedByTheTarget() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a*2) STORED,"
                    + " c integer GENERATED ALWAYS AS (a*3))",
                "INSERT INTO t (a) VALUES (4)")
            .target(
                "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a*2) STORED, c integer)");

    moved(f.run());

    assertThat(f.rows("TABLE t")).isEqualTo("4|8|12");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheTargetComputesIsComparedWithWhatTheSourceStores(boolean large) throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (a integer, b integer, c real)",
                "INSERT INTO t VALUES (4, 8, 0.5), (5, 11, 2.5)")
            .target(
                "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a*2) STORED,"
                    + " c double precision GENERATED ALWAYS AS (a*0.5::float8) STORED)");
    if (large) {
      f.large(1, 1 << 20);
    }

    Report report = f.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().at("/findings").findValuesAsText("rule"))
        .containsExactly("computed-column-differs", "computed-column-differs");
    assertThat(report.json().at("/findings").findValuesAsText("column")).containsExactly("b", "c");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("0");
  }

  @Test
  void whatTheTargetComputesInAnotherFormIsNotHeldAgainstIt() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (price numeric, qty integer, total numeric, later text, c integer)",
                "INSERT INTO t VALUES (19.99, 3, 59.97, NULL, 1), (20, 3, 60, NULL, 2)")
            .target(
                "CREATE TABLE t (price numeric, qty integer,"
                    + " total numeric GENERATED ALWAYS AS (price * qty * 1.00) STORED,"
                    + " later text GENERATED ALWAYS AS (qty::text) STORED,"
                    + " c integer GENERATED ALWAYS AS (qty * 2) STORED)")
            .policy("missing-in-target@t.c=ignore");

    Report report = f.run();

    moved(report);
    assertThat(report.json().at("/warnings")).isEmpty();
    assertThat(report.json().at("/decided/0/column").asText()).isEqualTo("c");
    assertThat(report.json().at("/skipped").findValuesAsText("reason"))
        .contains(
            "computed by the target, and not compared: numeric",
            "computed by the target, and not compared: there are no values",
            "computed by the target, and not compared: by policy");
  }

  @Test
  void whatBothComputeAndDiffersIsSaid() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (a integer, b text GENERATED ALWAYS AS (a || '') STORED,"
                    + " c integer GENERATED ALWAYS AS (a / 2), d integer)",
                "INSERT INTO t (a, d) VALUES (5, 10)")
            .target(
                "CREATE TABLE t (a integer, b text GENERATED ALWAYS AS (a::text) STORED,"
                    + " c integer GENERATED ALWAYS AS (round(a / 2.0)::integer) STORED,"
                    + " d integer GENERATED ALWAYS AS (a * 2) STORED)");

    Report report = f.run();

    moved(report);
    assertThat(f.rows("TABLE t")).isEqualTo("5|5|3|10");
    assertThat(report.json().at("/warnings").findValuesAsText("rule"))
        .containsExactly("computed-column-differs");
    assertThat(report.json().at("/warnings").findValuesAsText("column")).containsExactly("c");
    assertThat(report.json().at("/skipped").findValuesAsText("name")).contains("t.b", "t.c", "t.d");
  }

  @Test
  void timesDoNotDependOnTheSettingsOfTheDatabase() throws Exception {
    TransferFixture f = fixture();
    f.source(
            "CREATE TABLE t (id integer, naive, aware, day, span)",
            "INSERT INTO t VALUES (1, '2024-03-02 23:30:00', '2024-03-02 23:30:00', '2024-03-02',"
                + " '1 02:00:00')")
        .target(
            "ALTER DATABASE \"%s\" SET timezone = 'Asia/Tokyo'".formatted(f.database),
            "ALTER DATABASE \"%s\" SET datestyle = 'SQL, DMY'".formatted(f.database),
            "ALTER DATABASE \"%s\" SET intervalstyle = 'sql_standard'".formatted(f.database),
            "CREATE TABLE t (id integer, naive timestamp, aware timestamptz, day date,"
                + " span interval)");

    moved(f.run());

    assertThat(
            f.rows(
                "SELECT to_char(naive, 'YYYY-MM-DD HH24:MI'), to_char(aware AT TIME ZONE 'UTC',"
                    + " 'YYYY-MM-DD HH24:MI'), to_char(day, 'YYYY-MM-DD'),"
                    + " extract(epoch FROM span)::integer FROM t"))
        .isEqualTo("2024-03-02 23:30|2024-03-02 23:30|2024-03-02|93600");
  }

  @Test
  void namesWithCaseQuotesAndReservedWords() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE \"User\" (\"order\" integer, \"say \"\"hi\"\"\" text)",
                "CREATE TABLE \"default\" (\"references\" integer)",
                "INSERT INTO \"User\" VALUES (1, 'a')",
                "INSERT INTO \"default\" VALUES (2)")
            .target(
                "CREATE TABLE \"user\" (\"ORDER\" integer, \"say \"\"hi\"\"\" text)",
                "CREATE TABLE \"default\" (\"references\" integer)");

    moved(f.run());

    assertThat(f.rows("TABLE \"user\"")).isEqualTo("1|a");
  }

  /** PostgreSQL cuts names after 63 bytes, also those that the application's own tool gives. */
  @Test
  void namesThatTheServerHasCutAreFound() throws Exception {
    String table = "t" + "ä".repeat(40);
    String column = "c".repeat(70);
    String create = "CREATE TABLE %s (id integer PRIMARY KEY, %s text)".formatted(table, column);
    TransferFixture f =
        fixture()
            .source(create, "INSERT INTO %s VALUES (1, 'one')".formatted(table))
            .target(create);

    moved(f.run());

    assertThat(f.rows("TABLE t" + "ä".repeat(31))).isEqualTo("1|one");
    assertThat(f.rows("SELECT %s FROM t%s".formatted("c".repeat(63), "ä".repeat(31))))
        .isEqualTo("one");
  }

  @Test
  void withoutRowidVirtualTablesAndViews() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE w (k text PRIMARY KEY, v) WITHOUT ROWID",
                "CREATE VIRTUAL TABLE fts USING fts5(body)",
                "CREATE VIEW sight AS SELECT * FROM w",
                "INSERT INTO w VALUES ('a', 1)",
                "INSERT INTO fts VALUES ('words')")
            .target("CREATE TABLE w (k text PRIMARY KEY, v integer)");

    Report report = f.run();

    moved(report);
    assertThat(report.json().path("skipped").findValuesAsText("name"))
        .contains("fts", "fts_data", "sight");
  }

  @Test
  void differentRevisionsAreRefusedAndNamed() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE alembic_version (version_num)",
                "INSERT INTO alembic_version VALUES ('aaa')")
            .target(
                "CREATE TABLE alembic_version (version_num varchar(32))",
                "INSERT INTO alembic_version VALUES ('bbb')",
                "CREATE TABLE other (id integer)");

    Report report = f.run();

    refused(report, "revision-differs");
    assertThat(report.json().at("/findings/0/detail").asText()).contains("aaa").contains("bbb");
  }

  private static final String FLYWAY =
      "CREATE TABLE flyway_schema_history (installed_rank int, version varchar(50), success boolean)";
  private static final String PRISMA =
      "CREATE TABLE _prisma_migrations (migration_name text, finished_at timestamp,"
          + " rolled_back_at timestamp)";

  @Test
  void aMigrationThatEndedHalfWayIsAnotherRevision() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                FLYWAY,
                PRISMA,
                "INSERT INTO flyway_schema_history VALUES (1, '1', 1), (2, '2', 1)",
                "INSERT INTO _prisma_migrations VALUES ('a', 1704164645000, NULL)")
            .target(
                FLYWAY,
                PRISMA,
                "INSERT INTO flyway_schema_history VALUES (1, '1', true), (2, '2', false)",
                "INSERT INTO _prisma_migrations VALUES ('a', NULL, NULL)");

    Report report = f.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().path("findings").findValuesAsText("detail"))
        .containsExactlyInAnyOrder(
            "only in the source: [2], only in the target: [2 (failed)]",
            "only in the source: [a], only in the target: [a (failed)]");
  }

  @Test
  void aMigrationThatWasRolledBackAndDoneAgainIsNoDifference() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                FLYWAY,
                PRISMA,
                "INSERT INTO flyway_schema_history VALUES (1, '1', 1)",
                "INSERT INTO _prisma_migrations VALUES ('a', 1704164645000, NULL),"
                    + " ('given up', NULL, 1704164645000)")
            .target(
                FLYWAY,
                PRISMA,
                "INSERT INTO flyway_schema_history VALUES (1, '1', true)",
                "INSERT INTO _prisma_migrations VALUES ('a', NULL, now()), ('a', now(), NULL)");

    moved(f.run());
  }

  @Test
  void aToolThatWouldBeginAnewIsRefusedUnlessThatIsMeant() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY)",
                "CREATE TABLE alembic_version (version_num)",
                "CREATE TABLE knex_migrations (id integer PRIMARY KEY, name)",
                "INSERT INTO alembic_version VALUES ('aaa')")
            .target(
                "CREATE TABLE t (id integer PRIMARY KEY)",
                FLYWAY,
                "INSERT INTO flyway_schema_history VALUES (1, '1', true)");

    Report report = f.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().path("findings")).hasSize(1);
    assertThat(report.json().at("/findings/0/table").asText()).isEqualTo("alembic_version");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("revision-differs");
    assertThat(report.json().at("/findings/0/detail").asText()).contains("no such table");
    assertThat(report.json().at("/findings/0/advice").asText()).contains("schemaMigrations");

    Report other = f.unlocked().policy("revisions=ignore").run();
    moved(other);
    assertThat(other.json().at("/warnings/0/table").asText()).isEqualTo("flyway_schema_history");
    assertThat(other.json().at("/warnings/0/rule").asText()).isEqualTo("revision-not-compared");
  }

  @Test
  void OXY_41_seededRowsAreReplacedOnlyWhenAllowed() throws Exception {
    TransferFixture f =
        fixture()
            .source("CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (5)")
            .target("CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");

    refused(f.run(), "target-not-empty");
    Report report = f.unlocked().replacing().run();

    moved(report);
    assertThat(report.json().at("/tables/0/replacedRows").asLong()).isEqualTo(2);
    assertThat(f.rows("TABLE t")).isEqualTo("5");
  }

  @Test
  void whatHasNoPlaceInTheTargetIsRefusedUnlessEmpty() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (a, gone, empty)",
                "CREATE TABLE lost (a)",
                "CREATE TABLE bare (a)",
                "INSERT INTO t VALUES (1, 2, NULL)",
                "INSERT INTO lost VALUES (1)")
            .target("CREATE TABLE t (a integer, needed integer NOT NULL)");

    assertThat(f.run().json().path("findings").findValuesAsText("rule"))
        .containsExactlyInAnyOrder(
            "table-missing-in-target", "column-missing-in-target", "target-column-needs-a-value");
  }

  @Test
  void columnsComputedByFunctionsOfTheApplicationDoNotStopIt() throws Exception {
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
      statement.executeUpdate(
          "CREATE TABLE t (a integer, v GENERATED ALWAYS AS (twice(a)),"
              + " s GENERATED ALWAYS AS (twice(a)) STORED)");
      statement.executeUpdate("CREATE INDEX computed ON t (twice(a))");
      statement.executeUpdate("INSERT INTO t (a) VALUES (4)");
    }
    f.target("CREATE TABLE t (a integer, s integer)");

    Report report = f.run();

    moved(report);
    assertThat(f.rows("TABLE t")).isEqualTo("4|8");
    assertThat(report.json().path("notes")).hasSize(1);
  }
}
