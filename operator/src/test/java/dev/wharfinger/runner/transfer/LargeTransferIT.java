package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.wharfinger.runner.transfer.large.LargeOptions;
import dev.wharfinger.runner.transfer.large.TakeBack;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transfer in chunks comes to the same end as one in a single transaction. */
class LargeTransferIT {
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

  private TransferFixture fixture(String name) throws Exception {
    return new TransferFixture(server, Files.createDirectory(directory.resolve(name)));
  }

  private TransferFixture like(TransferFixture other, String name) throws Exception {
    TransferFixture f = fixture(name);
    Files.copy(other.file, f.file);
    return f;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theEndIsThatOfOneTransaction(int workers) throws Exception {
    TransferFixture whole =
        fixture("whole")
            .source(LargeSource.SOURCE)
            .target(LargeSource.TARGET)
            .policy("orphans@child=delete");
    Report one = whole.run();
    assertThat(one.outcome()).as(one.json().toPrettyString()).isEqualTo("moved");
    TransferFixture chunks =
        like(whole, "chunks")
            .target(LargeSource.TARGET)
            .policy("orphans@child=delete")
            .large(workers, 20_000);

    Report report = chunks.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(sorted(chunks.dump())).isEqualTo(sorted(whole.dump()));
    assertThat(report.json().get("tables")).isNotEmpty();
    for (String field : new String[] {"rows", "bytes", "droppedRows"}) {
      assertThat(report.json().get("tables").findValuesAsText(field))
          .isEqualTo(one.json().get("tables").findValuesAsText(field));
    }
    assertThat(report.json().get("sequences")).isEqualTo(one.json().get("sequences"));
    assertThat(chunks.rows("SELECT count(*) FROM wharfinger.ledger")).isEqualTo("0");
    assertThat(chunks.rows("SELECT count(*) FROM wharfinger.chunk")).isEqualTo("0");
    assertThat(chunks.unlocked().run().outcome()).isEqualTo("already-moved");
  }

  @Test
  void theEndIsThatOfOneTransactionForADerivedSchemaToo() throws Exception {
    TransferFixture whole =
        fixture("whole").source(LargeSource.SOURCE).policy("orphans@child=null").deriving();
    Report one = whole.run();
    assertThat(one.outcome()).as(one.json().toPrettyString()).isEqualTo("moved");
    TransferFixture chunks =
        like(whole, "chunks").policy("orphans@child=null").deriving().large(2, 20_000);

    Report report = chunks.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(sorted(chunks.dump())).isEqualTo(sorted(whole.dump()));
  }

  /** Rows of a chunk come after those of another, whichever worker was first. */
  private static String sorted(String dump) {
    return dump.lines().sorted().reduce("", (a, b) -> a + b + "\n");
  }

  @Test
  void whoIsRefusedHasChangedNothing() throws Exception {
    TransferFixture f =
        fixture("double")
            .source(
                "CREATE TABLE a (id integer PRIMARY KEY, v text)",
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                LargeSource.SERIES + "INSERT INTO a SELECT i, 'text' FROM n",
                LargeSource.SERIES + "INSERT INTO t SELECT i, 'text ' || (i % 2999) FROM n")
            .target(
                "CREATE TABLE a (id integer PRIMARY KEY, v text)",
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                "CREATE UNIQUE INDEX t_v ON t (v)")
            .large(2, 10_000);
    String before = f.dump();

    Report report = f.run();

    assertThat(report.outcome()).as(report.message()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("duplicate-key");
    assertThat(report.json().at("/findings/0/rowids")).isNotEmpty();
    assertThat(f.dump()).isEqualTo(before);
    assertThat(f.rows("SELECT count(*) FROM wharfinger.ledger")).isEqualTo("0");
  }

  /** Rows of every kind that makes it hard to put them back, and one that refers to them. */
  private TransferFixture replacing(String name) throws Exception {
    return fixture(name)
        .source(
            "CREATE TABLE t (id integer PRIMARY KEY, v text)",
            LargeSource.SERIES + "INSERT INTO t SELECT i, 'text ' || (i % 2999) FROM n")
        .target(
            "CREATE FUNCTION spelt(v text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT v'",
            "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, gone int,"
                + " \"V 2\" numeric DEFAULT 7, v text,"
                + " loud text GENERATED ALWAYS AS (upper(v)) STORED)",
            "ALTER TABLE t DROP COLUMN gone",
            "CREATE TABLE theirs (t bigint REFERENCES t)",
            "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$BEGIN RAISE EXCEPTION 'fired'; END$$",
            "INSERT INTO t (v, \"V 2\") SELECT 'seed ' || i, i / 3.0 FROM generate_series(1, 50) i",
            "INSERT INTO theirs SELECT id FROM t WHERE id % 2 = 0",
            "CREATE UNIQUE INDEX t_v ON t (spelt(v))",
            "CREATE TRIGGER shout BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION shout()")
        .replacing()
        .large(2, 10_000);
  }

  private static void assertNothingKeptAside(TransferFixture f) throws Exception {
    assertThat(f.rows("SELECT relname FROM pg_class WHERE relname LIKE 'replaced%'")).isEmpty();
    assertThat(f.rows("SELECT count(*) FROM wharfinger.ledger")).isEqualTo("0");
  }

  @Test
  void whoIsRefusedHasGivenBackTheRowsThatWereToBeReplaced() throws Exception {
    TransferFixture f = replacing("replacing");
    String before = f.dump();

    Report report = f.run();

    assertThat(report.outcome()).as(report.message()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("duplicate-key");
    assertThat(f.dump()).isEqualTo(before);
    assertNothingKeptAside(f);
  }

  @Test
  void rowsThatWereReplacedAreNotKeptBeyondTheEnd() throws Exception {
    TransferFixture f =
        replacing("replaced").target("TRUNCATE theirs").source("DELETE FROM t WHERE id > 2998");

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT count(*), count(DISTINCT v) FROM t")).isEqualTo("2998|2998");
    assertNothingKeptAside(f);
  }

  @Test
  void whoCannotTakeItselfBackHasFailed() throws Exception {
    TransferFixture f = replacing("stuck");
    String before = f.dump();
    String function = f.rows("SELECT pg_get_functiondef('spelt'::regproc)");

    Report report =
        f.run((phase, rows, total) -> {
          if (phase.equals("indexing")) {
            // Nothing depends on it while the index is away, which now cannot be put back.
            assertThatCode(() -> f.target("DROP FUNCTION IF EXISTS spelt(text)"))
                .doesNotThrowAnyException();
          }
        });

    assertThat(report.outcome()).as(report.message()).isEqualTo("failed");
    assertThat(report.json().get("notes").toString()).contains("half filled");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("3000");

    f.target(function);
    try (Connection connection = f.server.connect(f.database)) {
      assertThat(TakeBack.abort(connection, f.operation)).isEqualTo("aborted");
    }
    assertThat(f.dump()).isEqualTo(before);
    assertNothingKeptAside(f);
  }

  private TransferFixture halfDone(String name) throws Exception {
    TransferFixture f =
        fixture(name)
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                LargeSource.SERIES + "INSERT INTO t SELECT i, 'old' FROM n")
            .target("CREATE TABLE t (id integer PRIMARY KEY, v text)", "CREATE INDEX t_v ON t (v)")
            .large(1, 10_000);
    Report report =
        f.run((phase, rows, total) -> {
          if (phase.equals("indexing")) {
            throw new IllegalStateException("stopped by the test");
          }
        });
    assertThat(report.outcome()).isEqualTo("failed");
    assertThat(report.json().get("notes").toString()).contains("half filled");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("3000");
    return f;
  }

  @Test
  void ofAnotherStateOfTheSourceNothingIsGoneOnWith() throws Exception {
    TransferFixture f = halfDone("changed").unlocked().source("UPDATE t SET v = 'new'");

    Report report = f.run();

    assertThat(report.outcome()).as(report.message()).isEqualTo("moved");
    assertThat(f.rows("SELECT v, count(*) FROM t GROUP BY v")).isEqualTo("new|3000");
    assertThat(f.rows("SELECT indexname FROM pg_indexes WHERE indexname = 't_v'")).isEqualTo("t_v");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAnotherOperationHasHalfFilledIsLeftAlone(boolean dryRun) throws Exception {
    TransferFixture f = halfDone("first").replacing();
    String before = f.dump();
    TransferOptions others = f.unlocked().options(dryRun);

    Report report =
        new Transfer(
                new TransferOptions(
                    others.source(),
                    others.target(),
                    others.targetSchema(),
                    Optional.of(UUID.randomUUID()),
                    dryRun,
                    false,
                    true,
                    true,
                    Policies.NONE,
                    Optional.empty(),
                    LargeOptions.AUTO),
                (phase, rows, total) -> {})
            .run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("unfinished-transfer");
    assertThat(report.json().at("/findings/0/detail").asText()).contains(f.operation.toString());
    assertThat(f.dump()).isEqualTo(before);
  }

  @Test
  void aRowOfAGigabyteIsRefusedAtOnceAndNamed() throws Exception {
    TransferFixture f =
        fixture("gigabyte")
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v blob)",
                "INSERT INTO t VALUES (1, x'01'), (4711, zeroblob(540000000))")
            .target("CREATE TABLE t (id integer PRIMARY KEY, v text)")
            .policy("bytes-in-text=hex");

    Report report = f.dryRun();

    assertThat(report.outcome()).as(report.message()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("row-too-large");
    assertThat(report.json().at("/findings/0/rowids").toString()).isEqualTo("[4711]");
  }
}
