package dev.wharfinger.runner.backup.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What nobody can do to a table between the snapshot and the dump. */
class LockedSnapshotIT {

  @Test
  void aTableCannotBeEmptiedUnderTheSnapshot() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      String database = server.newDatabase();
      server.admin(database, "ALTER SCHEMA public OWNER TO app");
      try (Connection application = server.connect(database);
          Statement statement = application.createStatement()) {
        statement.execute("CREATE TABLE t (i int)");
        statement.execute("INSERT INTO t SELECT generate_series(1, 10)");
        statement.execute("SET lock_timeout = '100ms'");
        PostgresUrl url = PostgresUrl.parse(server.url(database), null);
        try (LockedSnapshot snapshot = LockedSnapshot.take(url)) {
          statement.execute("INSERT INTO t VALUES (11)");
          for (String sql : List.of("TRUNCATE t", "ALTER TABLE t ALTER i TYPE bigint")) {
            assertThatThrownBy(() -> statement.execute(sql))
                .isInstanceOfSatisfying(
                    SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
          }
          assertThat(snapshot.rows(snapshot.tables().getFirst())).isEqualTo(10);
        }
        statement.execute("TRUNCATE t");
      }
    }
  }

  @Test
  void aMigrationInTheMiddleOfItsWorkGoesFirst() throws Exception {
    try (PostgresServer server = PostgresServer.start();
        ExecutorService backup = Executors.newSingleThreadExecutor()) {
      String database = server.newDatabase();
      server.admin(database, "ALTER SCHEMA public OWNER TO app");
      PostgresUrl url = PostgresUrl.parse(server.url(database), null);
      try (Connection application = server.connect(database);
          Statement migration = application.createStatement()) {
        migration.execute("CREATE TABLE a (i int)");
        migration.execute("CREATE TABLE b (i int)");
        migration.execute("BEGIN");
        migration.execute("ALTER TABLE b ADD j int");
        Future<LockedSnapshot> taken = backup.submit(() -> LockedSnapshot.take(url));
        while (!waits(migration) && !taken.isDone()) {
          Thread.onSpinWait();
        }

        // Each has what the other wants; the backup has to give way.
        migration.execute("ALTER TABLE a ADD j int");
        migration.execute("COMMIT");

        try (LockedSnapshot snapshot = taken.get()) {
          assertThat(snapshot.tables()).hasSize(2);
        }
        migration.execute("SET lock_timeout = '100ms'");
        migration.execute("TRUNCATE a, b");
      }
    }
  }

  private static boolean waits(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
      return row.next() && row.getInt(1) > 0;
    }
  }

  @Test
  void aServerNewerThanEveryClientIsRefused() {
    assertThatThrownBy(() -> ClientPrograms.of(99, List.of()))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.reason()).isEqualTo("no-client"))
        .hasMessageContaining("PostgreSQL 99");
  }
}
