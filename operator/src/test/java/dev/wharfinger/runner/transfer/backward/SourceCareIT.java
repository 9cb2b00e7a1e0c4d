package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as crashes and other settings leave them: what is committed arrives, and nothing else. */
class SourceCareIT {
  private static final String FILL =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
          + " INSERT INTO t SELECT i, hex(zeroblob(i)), randomblob(i % 3000) FROM n";
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

  private BackwardFixture fixture() throws Exception {
    return new BackwardFixture(server, directory)
        .postgres("CREATE TABLE t (id integer PRIMARY KEY, v text, x bytea)");
  }

  /** A transaction whose first pages are in the file already, and no COMMIT. */
  @Test
  void aTransactionThatACrashCutOffIsTakenBackAndTheRestArrives() throws Exception {
    BackwardFixture f = fixture();
    Path live = directory.resolve("live.db");
    Path file = directory.resolve("notes.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id integer PRIMARY KEY, v text, x blob)");
      statement.execute(FILL);
      statement.execute("PRAGMA cache_size = 2");
      statement.execute("BEGIN");
      statement.execute("UPDATE t SET v = 'never committed'");
      Files.copy(live, file);
      Files.copy(Path.of(live + "-journal"), Path.of(file + "-journal"));
    }
    Path again = Files.copy(file, directory.resolve("again.db"));
    assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("never committed");
    Files.copy(Path.of(file + "-journal"), Path.of(again + "-journal"));

    Report report = f.forward(file);

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    // The same that any other reader finds.
    String all = "SELECT count(*) || ' ' || sum(length(v)) || ' ' || sum(length(x)) FROM t";
    List<String> expected = BackwardFixture.query(again, all);
    assertThat(expected).isEqualTo(List.of("500 250500 125250"));
    try (Connection connection = server.connect(f.database);
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(all)) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo(expected.getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"planning", "copying", "indexing", "verifying", "syncing"})
  void T27_memoryThatRunsOutOnTheWayBackLeavesTheFileAsItWas(String when) throws Exception {
    BackwardFixture f = fixture();
    f.target(
        "CREATE TABLE t (id integer PRIMARY KEY, v text, x blob)",
        "INSERT INTO t VALUES (1, 'old', x'00')");

    Report report;
    try (BackwardMove move =
        new BackwardMove(
            f.options(false),
            (phase, rows, total) -> {
              if (phase.equals(when)) {
                throw new OutOfMemoryError("Java heap space");
              }
            })) {
      report = move.run();
    }

    // Trying again would end in the same way.
    assertThat(report.outcome()).as(report.message()).isEqualTo("refused");
    assertThat(BackwardFixture.rules(report)).containsExactly(". out-of-memory 1");
    assertThat(BackwardFixture.query(f.target, "SELECT v FROM t")).containsExactly("old");
    assertThat(f.files()).containsExactly("app.db");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 65536})
  void pagesOfAnySizeThereAndBack(int size) throws Exception {
    BackwardFixture f = fixture();
    Path file = directory.resolve("notes.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = " + size);
      statement.execute("CREATE TABLE t (id integer PRIMARY KEY, v text, x blob)");
      statement.execute("CREATE INDEX by_v ON t (v)");
      statement.execute(FILL);
    }
    String all = "SELECT id || v || typeof(v) || hex(x) || typeof(x) FROM t ORDER BY id";
    List<String> before = BackwardFixture.query(file, all);
    Report forward = f.forward(file);
    assertThat(forward.outcome()).as(forward.json().toPrettyString()).isEqualTo("moved");
    assertThat(forward.json().at("/source/pageSize").asInt()).isEqualTo(size);

    Report back = f.like(file).withOtherSessions().run();

    assertThat(back.outcome()).as(back.json().toPrettyString()).isEqualTo("moved");
    assertThat(BackwardFixture.query(f.target, all)).isEqualTo(before);
    assertThat(BackwardFixture.query(f.target, "PRAGMA page_size")).containsExactly("" + size);
    assertThat(BackwardFixture.query(f.target, "PRAGMA integrity_check")).containsExactly("ok");
  }
}
