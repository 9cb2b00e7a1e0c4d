package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The comparisons before the commit notice what they are for. */
class ProofIT {
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
        "(1, '2024-01-02 03:04:05.9999', '')",
        "!(1, '2024-01-02 03:04:05.9999', NULL)",
        "!(1, NULL, '')",
        "!(2, '2024-01-02 03:04:05.9999', '')",
        "!(1, '2024-01-02 01:04:05.9999', '')",
        "!(1, '54191-01-02 03:04:05.9999', '')",
      })
  void bothEnginesAreAskedTheSame(String row) throws Exception {
    asked(
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (n integer, at text, v text)",
                "INSERT INTO t VALUES (1, '2024-01-02T05:04:05.9999+02:00', '')")
            .target(
                "CREATE TABLE t (n bigint, at timestamp, v text)",
                "INSERT INTO t VALUES " + row.replace("!", "")),
        !row.startsWith("!"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(0.30000000000000004, 0.5, 1.10, 9223372036854775807, '2024-02-29', 1e300)",
        "!(0.3, 0.5, 1.10, 9223372036854775807, '2024-02-29', 1e300)",
        "!(0.30000000000000004, 0.25, 1.10, 9223372036854775807, '2024-02-29', 1e300)",
        "!(0.30000000000000004, 0.5, 1.1001, 9223372036854775807, '2024-02-29', 1e300)",
        "!(0.30000000000000004, 0.5, 1.10, 9223372036854775806, '2024-02-29', 1e300)",
        "!(0.30000000000000004, 0.5, 1.10, 9223372036854775807, '2024-03-01', 1e300)",
        "!(0.30000000000000004, 0.5, 1.10, 9223372036854775807, '2024-02-29', 'Infinity')",
      })
  void theyAreAskedAboutNumbersAndDates(String row) throws Exception {
    asked(
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE t (f real, g real, d decimal, i decimal, day text, big real)",
                "INSERT INTO t VALUES (-9e999, NULL, -2.5, -3, '2023-01-01', -5.0)",
                "INSERT INTO t VALUES (0.30000000000000004, 0.5, 1.1, 9223372036854775807,"
                    + " '2024-02-29', 1e300)")
            .target(
                "CREATE TABLE t (f double precision, g real, d numeric(10,4), i numeric,"
                    + " day date, big double precision)",
                "INSERT INTO t VALUES ('-Infinity', NULL, -2.5, -3, '2023-01-01', -5),"
                    + row.replace("!", "")),
        !row.startsWith("!"));
  }

  private static void asked(TransferFixture f, boolean same) throws Exception {
    SourceDatabase source = SourceDatabase.open(f.file);
    try (Connection connection = server.connect(f.database)) {
      Mapping mapping = new Mapping(source, new Findings(), Policies.NONE, false);
      mapping.build(SourceCatalog.read(source), TargetCatalog.read(connection));
      TableMapping table = mapping.tables.getFirst();
      new RowPump(source, rows -> {}).plan(table, new Findings());
      Semantics semantics = new Semantics(connection, source);

      if (same) {
        assertThatCode(() -> semantics.compare(table, semantics.answers(table)))
            .doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> semantics.compare(table, semantics.answers(table)))
            .hasMessageContaining("of table t");
      }
    } finally {
      source.closeCopy();
    }
  }

  /**
   * Texts that change between the copy and the look at what arrived: neither engine is asked about
   * their contents, so only the rows themselves tell.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE t SET v = 'Two' WHERE v = 'two'",
        "UPDATE t SET v = 'one' WHERE v = 'two'",
        "UPDATE t SET v = CASE v WHEN 'one' THEN 'x' ELSE v END",
      })
  void rowsThatAreNotWhatWasSentAreNoticed(String change) throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (v text)", "INSERT INTO t VALUES ('one'), ('two')")
            .target("CREATE TABLE t (v text)");

    assertThatThrownBy(() -> load(f, change))
        .hasMessage("what arrived in table t is not what was sent");
    assertThatCode(() -> load(f, "SELECT 1")).doesNotThrowAnyException();
  }

  /** Loads the only table; {@code change} is run by its own session before rows are read back. */
  private static void load(TransferFixture f, String change) throws Exception {
    SourceDatabase source = SourceDatabase.open(f.file);
    try (Connection connection = server.connect(f.database)) {
      Mapping mapping = new Mapping(source, new Findings(), Policies.NONE, false);
      mapping.build(SourceCatalog.read(source), TargetCatalog.read(connection));
      TableMapping table = mapping.tables.getFirst();
      new RowPump(source, rows -> {}).plan(table, new Findings());
      Meter meter =
          new Meter((phase, rows, total) -> {
            if (phase.equals("verifying") && rows == 0) {
              run(connection, change);
            }
          });
      Loader.begin(connection);
      new Loader(
              connection,
              source,
              mapping.tables,
              null,
              meter,
              new Vacancy(connection, f.options(false), new Findings()))
          .load();
      connection.rollback();
    } finally {
      source.closeCopy();
    }
  }

  private static void run(Connection connection, String sql) {
    try {
      Sql.run(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Test
  void OXY_10_rowsThatGoThroughTextsAreComparedWhereTheyArrive() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source("CREATE TABLE t (v)", "INSERT INTO t VALUES ('10.0.0.1'), ('10.0.0.2')")
            .target(
                "CREATE TABLE t (v inet)",
                "CREATE RULE swallow AS ON INSERT TO t WHERE v = '10.0.0.2' DO INSTEAD NOTHING");

    Report report = f.run();

    assertThat(report.outcome()).isEqualTo("failed");
    assertThat(report.message()).contains("what arrived in table t is not what was sent");
    assertThat(f.rows("TABLE t")).isEmpty();
  }
}
