package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.operator.status.ServerEnd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The init script and the server's arguments, run for real against PostgreSQL 15. */
class ServerInitIT {
  @TempDir private Path root;

  @Test
  void aFreshVolumeIsMadeOnceAndLeftAloneAfterwards() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    assertThat(volume.init()).returns(0, ServerVolume.Exit::code);
    assertThat(volume.volume().resolve("pgdata/PG_VERSION")).hasContent("15\n");
    assertThat(volume.volume().resolve("pgdata.partial")).doesNotExist();

    Path control = volume.volume().resolve("pgdata/global/pg_control");
    byte[] before = Files.readAllBytes(control);
    // The record that it ran before is no matter while the data is there.
    volume.set("config", "initialized", "claim-uid");
    assertThat(volume.init()).isEqualTo(new ServerVolume.Exit(0, ""));
    assertThat(Files.readAllBytes(control)).isEqualTo(before);
  }

  @Test
  void aCrashBeforeTheRenameLeavesNothingThatCounts() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    volume.program("postgres", "#!/bin/sh\nexit 1\n");
    assertThat(volume.init().code()).isNotZero();
    assertThat(volume.volume().resolve("pgdata")).doesNotExist();

    volume.program("postgres", "");
    assertThat(volume.init()).returns(0, ServerVolume.Exit::code);
    assertThat(volume.volume().resolve("pgdata.partial")).doesNotExist();
  }

  @Test
  void aRoleThatCouldNotBeMadeIsAFailure() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    volume.set("credentials", "bootstrap.sql", "CREATE ROLE;\n");
    assertThat(volume.init().code()).isNotZero();
    assertThat(volume.volume().resolve("pgdata")).doesNotExist();
  }

  @Test
  void OXY_29_anEmptyVolumeOfAServerThatRanBeforeIsNotFilled() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    volume.set("config", "initialized", "claim-uid");
    assertThat(volume.init())
        .isEqualTo(
            new ServerVolume.Exit(
                65, "the volume is empty, but this server has run before: its data is missing\n"));
    assertThat(volume.volume()).isEmptyDirectory();
  }

  @Test
  void theVolumeOfAnotherInstanceIsRefused() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    volume.init();
    volume.set("credentials", "data-id", "another");
    assertThat(volume.init())
        .returns(66, ServerVolume.Exit::code)
        .satisfies(e -> assertThat(e.output()).contains("expected another"));
    Files.delete(volume.volume().resolve("data-id"));
    assertThat(volume.init()).returns(66, ServerVolume.Exit::code);
  }

  @Test
  void OXY_49_anotherMajorVersionIsRefused() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    volume.init();
    Files.writeString(volume.volume().resolve("pgdata/PG_VERSION"), "14\n");
    assertThat(volume.init())
        .isEqualTo(
            new ServerVolume.Exit(
                67, "the volume holds data of PostgreSQL 14, the server is 15\n"));
  }

  @Test
  void anImageOfAnotherMajorThanAskedForMakesNoVolume() throws Exception {
    ServerVolume volume = new ServerVolume(root, "17");
    assertThat(volume.init()).returns(67, ServerVolume.Exit::code);
    assertThat(volume.volume().resolve("pgdata")).doesNotExist();
  }

  @Test
  void PHX_18_ownerMayCreateTables() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    assertThat(volume.init()).returns(0, ServerVolume.Exit::code);
    Process server = volume.server();
    try {
      try (Connection connection = awaitLogin(volume, "shop", volume.password(), "shop");
          Statement sql = connection.createStatement()) {
        // CLB-12: nobody else made the database and its role.
        sql.execute("create table public.t (id int)");
        // OXY-02: the owner has trusted extensions, documents and full-text search.
        sql.execute("create extension pg_trgm");
        sql.execute("create table doc (body jsonb, words tsvector)");
        sql.execute("create index on doc using gin (body, words)");
        assertThat(
                one(sql, "select pg_get_userbyid(datdba) from pg_database where datname = 'shop'"))
            .isEqualTo("shop");
        assertThat(
                one(
                    sql,
                    "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or"
                        + " rolbypassrls from pg_roles where rolname = 'shop'"))
            .isEqualTo("f");
        assertThat(one(sql, "show server_encoding")).isEqualTo("UTF8");
        assertThat(one(sql, "show data_checksums")).isEqualTo("on");
        assertThat(one(sql, "show max_connections")).isEqualTo("20");
        assertThat(one(sql, "show password_encryption")).isEqualTo("scram-sha-256");
      }
      // PHX-32: a wrong password, and no password, stay outside.
      assertThatThrownBy(() -> login(volume, "shop", "wrong", "shop"))
          .hasMessageContaining("password authentication failed");
      // The superuser comes in over the socket of its own pod only.
      assertThatThrownBy(() -> login(volume, "postgres", volume.password(), "postgres"))
          .hasMessageContaining("pg_hba.conf rejects");
      assertThat(superuser(volume, "select current_user")).isEqualTo("postgres");
      // The server never saw the password.
      assertThat(superuser(volume, "select rolpassword from pg_authid where rolname = 'shop'"))
          .startsWith("SCRAM-SHA-256$4096:");
    } finally {
      server.destroy();
      assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void OXY_30_whatAServerSaysOfDamagedDataIsKnown() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    assertThat(volume.init()).returns(0, ServerVolume.Exit::code);
    Path data = volume.volume().resolve("pgdata");
    Path control = data.resolve("global/pg_control");
    byte[] sound = Files.readAllBytes(control);

    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    endsWith(volume, "VolumeUnusable");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));

    Files.write(control, new byte[0]);
    endsWith(volume, "DataCorrupted");
    byte[] changed = sound.clone();
    changed[24] ^= 1;
    Files.write(control, changed);
    endsWith(volume, "DataCorrupted");
    Files.write(control, sound);

    Path aside = Files.move(control, data.resolve("aside"));
    endsWith(volume, "DataCorrupted");
    Files.move(aside, control);

    try (Stream<Path> segments = Files.list(data.resolve("pg_wal"))) {
      for (Path segment : segments.filter(Files::isRegularFile).toList()) {
        Files.delete(segment);
      }
    }
    endsWith(volume, "DataCorrupted");
  }

  private static void endsWith(ServerVolume volume, String reason) throws Exception {
    Process server = volume.server();
    try {
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      String said = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(ServerEnd.of(said).reason()).as(said).isEqualTo(reason);
    } finally {
      server.destroyForcibly();
    }
  }

  private String superuser(ServerVolume volume, String query) throws Exception {
    return volume.run(
        "psql",
        "-X",
        "-A",
        "-t",
        "-h",
        root.resolve("run").toString(),
        "-p",
        Integer.toString(volume.port),
        "-U",
        "postgres",
        "-c",
        query);
  }

  private static Connection awaitLogin(
      ServerVolume volume, String user, String password, String database) {
    return await("a login")
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> login(volume, user, password, database), connection -> true);
  }

  private static Connection login(
      ServerVolume volume, String user, String password, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + volume.port + "/" + database, user, password);
  }

  private static String one(Statement sql, String query) throws SQLException {
    try (ResultSet rows = sql.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
