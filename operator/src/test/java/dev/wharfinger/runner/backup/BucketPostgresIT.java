package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of PostgreSQL in a bucket of a real server. */
class BucketPostgresIT {
  private static PostgresServer server;
  private static S3Server store;
  @TempDir private Path root;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    store = S3Server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    store.close();
    server.close();
  }

  private static String empty() throws Exception {
    String made = server.newDatabase();
    server.admin(made, "ALTER SCHEMA public OWNER TO app");
    return made;
  }

  private static String filled() throws Exception {
    String made = empty();
    try (Connection connection = server.connect(made);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE parent (id bigint PRIMARY KEY, n text)");
      // More than one part, for the text is not to be compressed away.
      statement.execute(
          "INSERT INTO parent SELECT i, (SELECT string_agg(md5(random()::text), '')"
              + " FROM generate_series(1, 30 + i % 2)) FROM generate_series(1, 12000) i");
      statement.execute("CREATE TABLE child (p bigint REFERENCES parent)");
      statement.execute("INSERT INTO child SELECT id FROM parent");
    }
    return made;
  }

  @Test
  void PHX_28_aDumpInABucketIsRestoredAsItWas() throws Exception {
    BackupRig rig = BackupRig.bucket(root, store, "large");
    String database = filled();

    BackupRig.Run run = rig.dump(server.url(database), "one");

    assertThat(run.code()).as("%s", run).isZero();
    assertThat(Files.size(rig.set("one").resolve("database.dump"))).isGreaterThan(5 << 20);
    assertThat(rig.verify("one").code()).isZero();
    String target = empty();
    assertThat(rig.load("one", server.url(target)).code()).isZero();
    assertThat(server.dump(target)).isEqualTo(server.dump(database));
    assertThat(rig.load("one", server.url(target)).reason()).isEqualTo("database-not-empty");
  }

  @Test
  void T33_everyDamageOfADumpInABucketIsNoticed() throws Exception {
    BackupRig rig = BackupRig.bucket(root, store, "damaged");
    String database = empty();
    server.admin(database, "CREATE TABLE t AS SELECT i FROM generate_series(1, 500) i");
    server.admin(database, "ALTER TABLE t OWNER TO app");
    assertThat(rig.dump(server.url(database), "one").code()).isZero();
    String target = empty();

    for (String object : BackupRig.names(rig.set("one"))) {
      Path file = rig.set("one").resolve(object);
      byte[] good = Files.readAllBytes(file);
      for (int tenth = 0; tenth <= 10; tenth++) {
        int place = Math.min(good.length - 1, good.length * tenth / 10);
        byte[] flipped = good.clone();
        flipped[place] ^= 1;
        Files.write(file, flipped);
        assertNoticed(rig, target, object + " flipped at " + place);
        Files.write(file, Arrays.copyOf(good, place));
        assertNoticed(rig, target, object + " cut at " + place);
      }
      Files.delete(file);
      assertNoticed(rig, target, object + " is gone");
      Files.write(file, good);
    }

    assertThat(rig.load("one", server.url(target)).code()).isZero();
    assertThat(server.dump(target)).isEqualTo(server.dump(database));
  }

  private static void assertNoticed(BackupRig rig, String target, String what) throws Exception {
    BackupRig.Run verified = rig.verify("one");
    assertThat(verified.code()).as("%s: %s", what, verified).isEqualTo(2);
    BackupRig.Run loaded = rig.load("one", server.url(target));
    assertThat(loaded.code()).as("%s: %s", what, loaded).isEqualTo(2);
    assertThat(loaded.reason())
        .as(what)
        .isIn("set-damaged", "manifest-damaged", "manifest-missing");
  }
}
