package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Collation;

/** Files in which the application orders texts by a rule of its own. */
class CollationsIT {
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

  private TransferFixture fixture(String... statements) throws Exception {
    TransferFixture f = new TransferFixture(server, directory);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + f.file)) {
      Collation.create(
          connection,
          "backwards",
          new Collation() {
            @Override
            protected int xCompare(String one, String other) {
              return other.compareTo(one);
            }
          });
      try (Statement statement = connection.createStatement()) {
        for (String one : statements) {
          statement.executeUpdate(one);
        }
      }
    }
    return f;
  }

  @Test
  void anIndexByItIsNotNeededToReadTheRows() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE t (id integer PRIMARY KEY, name text)",
            "CREATE UNIQUE INDEX by_name ON t (name COLLATE backwards)",
            "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    f.target("CREATE TABLE t (id integer PRIMARY KEY, name text)");

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT string_agg(name, '' ORDER BY id) FROM t")).isEqualTo("abc");
    assertThat(report.json().path("notes").toString()).contains("table t uses");
  }

  @Test
  void columnsThatAreComparedByItAreRefusedAndNamed() throws Exception {
    TransferFixture f =
        fixture(
            "CREATE TABLE t (id integer PRIMARY KEY, name text COLLATE backwards)",
            "CREATE TABLE w (k text COLLATE backwards PRIMARY KEY, v) WITHOUT ROWID",
            "INSERT INTO t VALUES (1, 'a')",
            "INSERT INTO w VALUES ('a', 1), ('b', 2)");
    f.target(
        "CREATE TABLE t (id integer PRIMARY KEY, name text)",
        "CREATE TABLE w (k text PRIMARY KEY, v integer)");

    Report report = f.dryRun();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    assertThat(report.json().path("findings").findValuesAsText("rule"))
        .containsOnly("source-needs-collation");
    assertThat(report.json().path("findings").findValuesAsText("table")).contains("t", "w");
    assertThat(report.json().path("findings").findValuesAsText("detail")).contains("backwards");
  }
}
