package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moved once, or nothing happened: dry runs, markers, aborts, crashes. */
class OutcomeIT {
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
    return new TransferFixture(server, directory)
        .source("CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)")
        .target("CREATE TABLE t (id integer PRIMARY KEY)");
  }

  @Test
  void OXY_32_dryRunWritesNothing() throws Exception {
    TransferFixture f = fixture();

    assertThat(f.dryRun().outcome()).isEqualTo("planned");

    assertThat(f.rows("SELECT to_regnamespace('wharfinger'), (SELECT count(*) FROM t)"))
        .isEqualTo("∅|0");
    f.source("INSERT INTO t VALUES (3)");
  }

  @Test
  void sameOperationIsNeverDoneTwice() throws Exception {
    TransferFixture f = fixture();

    assertThat(f.run().outcome()).isEqualTo("moved");
    f.target("DELETE FROM t WHERE id = 1");

    assertThat(f.unlocked().run().outcome()).isEqualTo("already-moved");
    assertThat(f.rows("TABLE t")).isEqualTo("2");
  }

  @Test
  void otherOperationReplacesWhatOneBroughtWhereThatWasSaid() throws Exception {
    TransferFixture f = fixture().replacing();
    f.run();
    f.target(
        "UPDATE wharfinger.marker SET operation = gen_random_uuid()", "INSERT INTO t VALUES (9)");

    assertThat(f.unlocked().replacingFormer().run().outcome()).isEqualTo("moved");
    assertThat(f.rows("SELECT id FROM t ORDER BY 1")).isEqualTo("1\n2");
  }

  @Test
  void otherOperationIsRefusedWhereOneCommitted() throws Exception {
    TransferFixture f = fixture().replacing();
    f.run();
    f.target("UPDATE wharfinger.marker SET operation = gen_random_uuid()");

    assertThat(f.unlocked().run().json().at("/findings/0/rule").asText())
        .isEqualTo("other-transfer-committed");
  }

  @Test
  void abortedOperationNeverCommits() throws Exception {
    TransferFixture f = fixture();
    abort(f);

    assertThat(f.run().outcome()).isEqualTo("failed");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("0");
  }

  private static void abort(TransferFixture f) {
    try (Connection connection = server.connect(f.database)) {
      Marker.prepare(connection);
      Marker.insert(connection, f.operation, Marker.ABORTED, "", "{}");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void abortDuringTheCopyWins() throws Exception {
    TransferFixture f = fixture();

    Report report =
        f.run((phase, rows, total) -> {
          if (phase.equals("verifying")) {
            abort(f);
          }
        });

    assertThat(report.outcome()).isEqualTo("failed");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("0");
    assertThat(f.rows("SELECT outcome FROM wharfinger.marker")).isEqualTo("aborted");
  }

  @Test
  void abortAfterTheCommitComesTooLate() throws Exception {
    TransferFixture f = fixture();
    f.run();
    abort(f);

    assertThat(f.rows("SELECT outcome FROM wharfinger.marker")).isEqualTo("committed");
  }

  @Test
  void serverLosingTheSessionMidCopyChangesNothing() throws Exception {
    TransferFixture f = fixture();
    f.target("CREATE INDEX extra ON t (id)");
    String before = f.dump();

    Report report =
        f.run((phase, rows, total) -> {
          if (phase.equals("copying")) {
            try {
              server.admin(
                  "postgres",
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                      + f.database
                      + "'");
            } catch (java.sql.SQLException e) {
              throw new IllegalStateException(e);
            }
          }
        });

    assertThat(report.outcome()).isEqualTo("failed");
    assertThat(f.dump()).isEqualTo(before);
  }

  @Test
  void CLB_otherWritersAreLockedOutFromTheFirstMomentToTheLast() throws Exception {
    TransferFixture f = fixture();
    AtomicReference<String> heard = new AtomicReference<>("");

    f.run((phase, rows, total) -> {
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + f.file + "?busy_timeout=1");
          var statement = other.createStatement()) {
        statement.executeUpdate("INSERT INTO t VALUES (99)");
      } catch (java.sql.SQLException e) {
        heard.set(String.valueOf(e.getMessage()));
      }
    });

    assertThat(heard.get()).contains("database is locked");
    assertThatThrownBy(() -> f.source("INSERT INTO t VALUES (100)"))
        .hasMessageContaining("database is locked");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("2");
  }

  @Test
  void tableThatSomebodyHoldsIsNotWaitedForWithoutEnd() throws Exception {
    TransferFixture f = fixture();

    try (Connection connection = f.options(false).target().connect()) {
      assertThat(Sql.text(connection, "SHOW lock_timeout")).isEqualTo("30s");
    }
  }

  @Test
  void fileThatIsNotThereFailsAndOneThatIsNoDatabaseIsRefused() throws Exception {
    TransferFixture f = new TransferFixture(server, directory);
    assertThat(f.run().outcome()).isEqualTo("failed");
    assertThat(Files.exists(f.file)).isFalse();

    Files.writeString(f.file, "this is no database, but it is long enough to be one. ".repeat(99));
    assertThat(f.run().outcome()).isEqualTo("refused");
  }

  @Test
  void damagedPageIsRefused() throws Exception {
    TransferFixture f = new TransferFixture(server, directory);
    f.source(
        "CREATE TABLE t (v)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
            + " INSERT INTO t SELECT hex(randomblob(50)) FROM n");
    byte[] bytes = Files.readAllBytes(f.file);
    java.util.Arrays.fill(bytes, 8192, 8192 + 2000, (byte) 0x5a);
    Files.write(f.file, bytes);

    Report report = f.run();

    assertThat(report.json().at("/findings/0/rule").asText())
        .as(report.json().toPrettyString())
        .isEqualTo("source-damaged");
  }
}
