package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that are longer than PostgreSQL keeps, in a schema made from the file. */
class DerivedNamesIT {
  private static final String LONG = "ü".repeat(20) + "n".repeat(30);
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

  @Test
  void indexesAndChecksThatWouldHaveOneNameGetAHash() throws Exception {
    String table = "t".repeat(70);
    String column = "c".repeat(70);
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE %1$s (id INTEGER PRIMARY KEY, %2$s INTEGER, b INTEGER, UNIQUE (b),"
                        .formatted(table, column)
                    + " CONSTRAINT %1$s_one CHECK (b > 0), CONSTRAINT %1$s_two CHECK (b < 9))"
                        .formatted(LONG),
                "CREATE TABLE s (id INTEGER PRIMARY KEY, b INTEGER, UNIQUE (b))",
                "CREATE INDEX %1$s_one ON %2$s (%3$s)".formatted(LONG, table, column),
                "CREATE UNIQUE INDEX %1$s_two ON %2$s (b, %3$s)".formatted(LONG, table, column),
                "CREATE INDEX s_pkey ON s (b)",
                "CREATE INDEX s_b_idx ON s (b, id)",
                "CREATE INDEX only_long_%s ON s (b)".formatted("x".repeat(60)),
                "INSERT INTO %s VALUES (1, 2, 3)".formatted(table),
                "INSERT INTO s VALUES (1, 2)")
            .deriving();

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(
            f.rows(
                "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
                    + " AND indexname !~ '_key|^t' ORDER BY 1"))
        .contains("s_b_idx", "s_pkey_", "only_long_" + "x".repeat(53))
        .containsPattern("(?m)^ü{12,}n+_[0-9a-f]{8}$");
    assertThat(
            f.rows(
                "SELECT count(DISTINCT conname), max(octet_length(conname)) FROM pg_constraint"
                    + " WHERE contype = 'c' AND conname ~ '_[0-9a-f]{8}$'"))
        .isEqualTo("2|63");
    // As PostgreSQL reads the application's own query.
    assertThat(f.rows("SELECT " + column + " FROM " + table)).isEqualTo("2");
    TransferFixture again = new TransferFixture(server, directory).deriving();
    again.file = f.unlocked().file;
    assertThat(again.run().outcome()).isEqualTo("moved");
    assertThat(again.dump()).isEqualTo(f.dump());
  }

  @Test
  void tablesAndColumnsThatWouldHaveOneNameAreRefused() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE %1$s_one (%1$s_a, %1$s_b)".formatted("n".repeat(63)),
                "CREATE TABLE %1$s_two (a)".formatted("n".repeat(63)))
            .deriving();

    Report report = f.run();

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().path("findings").findValuesAsText("rule"))
        .contains("two-columns-for-one-target", "two-tables-for-one-target");
  }
}
