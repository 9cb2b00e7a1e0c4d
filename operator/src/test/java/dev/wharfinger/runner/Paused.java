package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/**
 * A target whose statements stop in the middle while a test holds the advisory lock (7, 0) for a
 * COPY, (7, 1) for an index, (7, 2) for COMMIT. There they wait for as long as the test takes, and
 * not only for as long as the runner would wait for a lock.
 */
final class Paused {
  private static final List<String> TARGET =
      List.of(
          """
          CREATE FUNCTION pause(key int, v bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS
          $$BEGIN IF v = 1000 THEN PERFORM set_config('lock_timeout', '0', true);
          PERFORM pg_advisory_xact_lock_shared(7, key); END IF;
          RETURN v; END$$\
          """,
          """
          CREATE FUNCTION pause_commit() RETURNS trigger LANGUAGE plpgsql AS
          $$BEGIN PERFORM public.pause(2, 1000); RETURN NULL; END$$\
          """,
          "CREATE TABLE parent (id integer PRIMARY KEY, name text NOT NULL)",
          "CREATE TABLE log (at timestamp NOT NULL, amount double precision, payload bytea)",
          "CREATE TABLE child (id bigserial PRIMARY KEY, parent_id bigint REFERENCES parent,"
              + " body text, paused bigint GENERATED ALWAYS AS (public.pause(0, id)) STORED)",
          "CREATE INDEX child_paused ON child (public.pause(1, id))");

  /** On a machine that is busy with other things. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Paused() {}

  static FaultRig rig(PostgresServer server, Path directory, Path source) throws Exception {
    String database = FaultRig.database(server, TARGET);
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      Marker.prepare(connection);
      statement.execute(
          "CREATE CONSTRAINT TRIGGER pause AFTER INSERT ON wharfinger.marker"
              + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pause_commit()");
    }
    return new FaultRig(server, directory, source, database);
  }

  /** Waits until the transfer's session waits for {@code event}. */
  static void awaitTransfer(FaultRig rig, String event, Process transfer) {
    until(() -> {
      assertThat(transfer.isAlive()).as(rig.out()).isTrue();
      return waiting(rig, "application_name = 'wharfinger' AND wait_event = '" + event + "'");
    });
  }

  static boolean waiting(FaultRig rig, String who) throws SQLException {
    return !rig.query("SELECT count(*) FROM pg_stat_activity WHERE " + who).equals("0");
  }

  static void until(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }
}
