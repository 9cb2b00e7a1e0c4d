package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.Function;

/** What has no place in the file is refused, and nothing has happened. */
class BackwardRefusalsIT {
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
  @ValueSource(
      strings = {
        "CREATE SCHEMA audit; CREATE TABLE audit.t (id bigint)",
        "CREATE TABLE parts (id bigint) PARTITION BY RANGE (id)",
        "CREATE TABLE child () INHERITS (t)"
      })
  void tablesThatWouldBeLeftBehindAreRefused(String more) throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory).deriving();
    fixture.postgres("CREATE TABLE t (id bigint PRIMARY KEY)", "INSERT INTO t VALUES (1)", more);

    Report report = fixture.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("table-out-of-reach");
    assertThat(fixture.target).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "CREATE TABLE t (v TEXT); CREATE TABLE t (v integer[]); '{1,2}'; t.v target-type-not-supported 1",
        "CREATE TABLE t (v TEXT); CREATE TABLE t (v int4range); '[1,2)'; t.v target-type-not-supported 1",
        "CREATE TABLE t (v REAL); CREATE TABLE t (v double precision); 'NaN'; t.v not-a-number 1",
        "CREATE TABLE t (v NUMERIC); CREATE TABLE t (v numeric); 'NaN'; t.v not-a-number 1",
        "CREATE TABLE t (v NUMERIC); CREATE TABLE t (v numeric); 0.12345678901234567890; t.v value-does-not-come-back 1",
        "CREATE TABLE t (v DATETIME); CREATE TABLE t (v timestamp); 'infinity'; t.v time-out-of-range 1",
        "CREATE TABLE t (v DATETIME); CREATE TABLE t (v timestamp); '0044-03-15 12:00 BC'; t.v time-out-of-range 1",
        "CREATE TABLE t (v DATE); CREATE TABLE t (v date); '10000-01-01'; t.v time-out-of-range 1",
        "CREATE TABLE t (v TIME); CREATE TABLE t (v time); '24:00'; t.v time-out-of-range 1",
        "CREATE TABLE t (v DATETIME); CREATE TABLE t (v timestamp); '2024-01-01'; t.v format-ambiguous 1",
        "CREATE TABLE t (v STRING); CREATE TABLE t (v text); '007'; t.v changed-by-affinity 1",
        "CREATE TABLE t (v TEXT NOT NULL); CREATE TABLE t (v text); NULL; t.v null-in-not-null-column 1",
        "CREATE TABLE t (v TEXT CHECK (v <> 'x')); CREATE TABLE t (v text); 'x'; t.v <> 'x' check-violated 1",
        "CREATE TABLE t (v TEXT UNIQUE COLLATE NOCASE); CREATE TABLE t (v text); 'x'), ('X'; t.v duplicate-key 1",
        "CREATE TABLE t (v INTEGER) STRICT; CREATE TABLE t (v text); 'x'; t.v type-does-not-fit 1",
        "CREATE TABLE t (w TEXT); CREATE TABLE t (v text); 'x'; t.v column-missing-in-target 1",
        "CREATE TABLE t (v TEXT, w TEXT NOT NULL); CREATE TABLE t (v text); 'x'; t.w target-column-needs-a-value 1",
        "CREATE TABLE u (v TEXT); CREATE TABLE t (v text); 'x'; t. table-missing-in-target 1",
        "CREATE TABLE t (v INTEGER REFERENCES t (id), id INTEGER PRIMARY KEY); CREATE TABLE t (v integer); 7; t. parent-row-missing 1",
        "CREATE TABLE t (v INTEGER, g INTEGER AS (v + 1)); CREATE TABLE t (v integer, g integer GENERATED ALWAYS AS (v + 2) STORED); 7; t. generated-column-differs 1",
        "CREATE TABLE t (v TEXT DEFAULT (nofunction())); CREATE TABLE t (v text); 'x'; -",
      })
  void refusedAndNothingHappened(String sqlite, String postgres, String value, String expected)
      throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory).target(sqlite);
    fixture.postgres(postgres);
    fixture.postgres("INSERT INTO t (v) VALUES (" + value + ")");
    byte[] before = Files.readAllBytes(fixture.target);
    String dump = server.dump(fixture.database);

    Report report = fixture.run();

    if (expected == null) {
      assertThat(report.outcome()).isEqualTo("moved");
      return;
    }
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    assertThat(BackwardFixture.rules(report)).containsExactly(expected);
    assertThat(fixture.files()).containsExactly("app.db");
    assertThat(Files.readAllBytes(fixture.target)).isEqualTo(before);
    assertThat(server.dump(fixture.database)).isEqualTo(dump);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        // Two formats in one column.
        "'2024-01-01 00:00:00', '2024-01-01T00:00:00Z'; t.v format-mixed 1",
        // Nobody knows how this application writes a fraction.
        "'2024-01-01 00:00:00', '2024-01-02 00:00:00'; t.v format-ambiguous 1",
        // One value that ends in zeros, one that does not: fixed digits and others part here.
        "'2024-01-01 00:00:00.120000', '2024-01-02 00:00:00.123456'; -",
        "'2024-01-02 00:00:00.123456', NULL; t.v format-ambiguous 1",
      })
  void formatIsThatOfTheFile(String values, String expected) throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.target("CREATE TABLE t (v DATETIME)");
    for (String value : values.split(",")) {
      fixture.target("INSERT INTO t VALUES (" + value + ")");
    }
    fixture.postgres(
        "CREATE TABLE t (v timestamp)", "INSERT INTO t VALUES ('2025-01-01 00:00:00.120')");

    Report report = fixture.run();

    assertThat(String.join(",", BackwardFixture.rules(report)))
        .isEqualTo(expected.equals("-") ? "" : expected);
  }

  @Test
  void anIndexThatOnlyTheApplicationCanMakeIsRefused() throws Exception {
    BackwardFixture fixture =
        new BackwardFixture(server, directory)
            .target("CREATE TABLE t (v TEXT)")
            .postgres("CREATE TABLE t (v text)");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + fixture.target);
        Statement statement = connection.createStatement()) {
      Function.create(
          connection,
          "own",
          new Function() {
            @Override
            protected void xFunc() throws java.sql.SQLException {
              result(1);
            }
          },
          1,
          Function.FLAG_DETERMINISTIC);
      statement.execute("CREATE INDEX i ON t (own(v))");
    }

    Report report = fixture.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(BackwardFixture.rules(report)).containsExactly("i. schema-rejected-by-sqlite 1");
  }

  @Test
  void rowsThatSqliteWouldReplaceWithoutAWordAreNotLost() throws Exception {
    BackwardFixture fixture =
        new BackwardFixture(server, directory)
            .target("CREATE TABLE t (v TEXT COLLATE NOCASE UNIQUE ON CONFLICT REPLACE)")
            .postgres("CREATE TABLE t (v text UNIQUE)", "INSERT INTO t VALUES ('a'), ('A')");

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.message()).isNotEqualTo("moved");
    assertThat(fixture.files()).containsExactly("app.db");
  }
}
