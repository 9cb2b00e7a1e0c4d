package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.TransferLock;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others commit on PostgreSQL after the plan looked and before the transfer has its locks. */
class MeanwhileIT {
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
        .source("CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
  }

  /** What a session does in its transaction. */
  private interface Work {
    void in(Connection connection) throws SQLException;
  }

  /** Lets the transfer begin while the work of another is not committed, and wait for it. */
  private static Report meanwhile(TransferFixture f, Work work) throws Exception {
    try (Connection other = server.connect(f.database)) {
      other.setAutoCommit(false);
      work.in(other);
      CompletableFuture<Report> transfer = CompletableFuture.supplyAsync(f::run);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(10))
          .failFast(transfer::isDone)
          .until(() ->
              !f.rows(
                      "SELECT pid FROM pg_stat_activity WHERE application_name = 'wharfinger'"
                          + " AND datname = current_database() AND wait_event_type = 'Lock'")
                  .isEmpty());
      other.commit();
      return transfer.join();
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void OXY_41_rowsThatSomebodyWroteAreNotReplacedUnasked() throws Exception {
    TransferFixture f = fixture().target("CREATE TABLE t (id integer PRIMARY KEY)");

    Report report = meanwhile(f, other -> run(other, "INSERT INTO t VALUES (77)"));

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("target-not-empty");
    assertThat(f.rows("TABLE t")).isEqualTo("77");
  }

  @Test
  void anotherTransferThatCommitsIsNotOverwritten() throws Exception {
    TransferFixture f = fixture().target("CREATE TABLE t (id integer PRIMARY KEY)").replacing();

    Report report = meanwhile(f, other -> commit(other, UUID.randomUUID(), 77));

    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("other-transfer-committed");
    assertThat(f.rows("TABLE t")).isEqualTo("77");
  }

  @Test
  void sameOperationThatCommitsIsNotDoneTwice() throws Exception {
    TransferFixture f = fixture().target("CREATE TABLE t (id integer PRIMARY KEY)").replacing();

    Report report = meanwhile(f, other -> commit(other, f.operation, 77));

    assertThat(report.outcome()).as(report.message()).isEqualTo("already-moved");
    assertThat(f.rows("TABLE t")).isEqualTo("77");
  }

  @Test
  void T29_commitOfAKilledProcessThatTakesLongIsNotPlannedAgainst() throws Exception {
    TransferFixture f = fixture().deriving();
    try (Connection other = server.connect(f.database)) {
      other.setAutoCommit(false);
      TransferLock.take(other);
      run(other, "CREATE TABLE t (id integer PRIMARY KEY)");
      commit(other, f.operation, 77);

      Report report = f.run();
      assertThat(report.outcome()).isEqualTo("failed");
      assertThat(report.message()).contains("another transfer");

      other.commit();
    }
    assertThat(f.unlocked().run().outcome()).isEqualTo("already-moved");
    assertThat(f.rows("TABLE t")).isEqualTo("77");
  }

  /** What a transfer that makes the table of the markers does, in one transaction. */
  private static void commit(Connection connection, UUID operation, int row) throws SQLException {
    Marker.prepare(connection);
    Marker.insert(connection, operation, Marker.COMMITTED, "", "{}");
    run(connection, "INSERT INTO t VALUES (" + row + ")");
  }
}
