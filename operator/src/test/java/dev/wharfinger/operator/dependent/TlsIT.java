package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.operator.tls.Served;
import dev.wharfinger.testing.LoopbackSockets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the rendered settings and rules let in, by a real PostgreSQL 15. */
class TlsIT {
  @TempDir private Path root;

  private final Authorities authorities = new Authorities(Authority.make(Instant.now()), null);

  /** Mode of the instance, whether who speaks TLS comes in, whether who does not comes in. */
  @ParameterizedTest
  @CsvSource({
    "disable, false, true",
    "allow, true, true",
    "prefer, true, true",
    "require, true, false",
    "verify-ca, true, false",
    "verify-full, true, false"
  })
  void PHX_21_eachModeLetsInWhomItShould(String mode, boolean tls, boolean plain) throws Exception {
    ServerVolume volume = new ServerVolume(root, "15", mode);
    Process server = start(volume);
    try {
      assertThat(comesIn(volume, "require")).isEqualTo(tls);
      assertThat(comesIn(volume, "disable")).isEqualTo(plain);
      // With the very words that the application is told.
      Map<String, String> binding = volume.binding(authorities.bundle());
      assertThat(version(Objects.requireNonNull(binding.get("jdbc-uri"))))
          .isEqualTo(mode.equals("disable") || mode.equals("allow") ? "none" : "TLSv1.3");
    } finally {
      end(server);
    }
  }

  @Test
  void CLO_36_anOldProtocolIsRefused() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15", "require");
    Process server = start(volume);
    try {
      assertThat(
              volume.run(
                  "psql",
                  "host=127.0.0.1 port=5432 user=shop dbname=shop sslmode=require"
                      + " ssl_max_protocol_version=TLSv1.2",
                  "-c",
                  "select 1"))
          .contains("protocol version");
    } finally {
      end(server);
    }
  }

  @Test
  void OXY_21_theSuperuserStaysInsideOfThePod() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15", "require");
    Process server = start(volume);
    try {
      assertThat(volume.run("psql", "-At", "-U", "postgres", "-c", "select 1", "postgres"))
          .isEqualTo("1");
      assertThatThrownBy(
              () -> version(url(volume, "require").replace("user=shop", "user=postgres")))
          .hasMessageContaining("pg_hba.conf rejects");
    } finally {
      end(server);
    }
  }

  @Test
  void anotherCertificateIsTakenWithoutARestart() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15", "verify-full");
    Process server = start(volume);
    try {
      String pid = Files.readString(volume.volume().resolve("pgdata/postmaster.pid"));
      String url = Objects.requireNonNull(volume.binding(authorities.bundle()).get("jdbc-uri"));
      try (Connection before = open(url)) {
        Authorities other = new Authorities(Authority.make(Instant.now()), null);
        volume.certificate(certificate(volume, other));
        assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
        // Who trusts the old authority only is not let down silently.
        await()
            .untilAsserted(
                () -> assertThatThrownBy(() -> version(url)).isInstanceOf(SQLException.class));
        volume.binding(other.bundle());
        await()
            .ignoreExceptionsInstanceOf(SQLException.class)
            .until(() -> version(url).equals("TLSv1.3"));
        // Who was connected stays so.
        assertThat(one(before, "select 1")).isEqualTo("1");
      }
      assertThat(Files.readString(volume.volume().resolve("pgdata/postmaster.pid"))).isEqualTo(pid);
    } finally {
      end(server);
    }
  }

  /** The rules are in a file of their own, which is read again too. */
  @Test
  void otherRulesAreTakenWithoutARestart() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15", "prefer");
    Process server = start(volume);
    try {
      assertThat(comesIn(volume, "disable")).isTrue();
      String rules = Files.readString(root.resolve("config/pg_hba.conf"));
      volume.set("config", "pg_hba.conf", rules.replace("host all all", "hostssl all all"));
      assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
      await().until(() -> !comesIn(volume, "disable"));
      assertThat(comesIn(volume, "require")).isTrue();
    } finally {
      end(server);
    }
  }

  private Process start(ServerVolume volume) throws Exception {
    assertThat(volume.init()).returns(0, ServerVolume.Exit::code);
    volume.certificate(certificate(volume, authorities));
    Process server = volume.server();
    await().until(() -> volume.ready().code() == 0);
    return server;
  }

  private static Map<String, String> certificate(ServerVolume volume, Authorities by) {
    return Served.of(Map.of()).due(by, volume.hosts(), true, Instant.now());
  }

  private static boolean comesIn(ServerVolume volume, String mode) throws SQLException {
    try {
      return !version(url(volume, mode)).isEmpty();
    } catch (SQLException e) {
      if (!"28000".equals(e.getSQLState()) && !String.valueOf(e.getMessage()).contains("SSL")) {
        throw e;
      }
      return false;
    }
  }

  private static String url(ServerVolume volume, String mode) {
    return "jdbc:postgresql://127.0.0.1:%d/shop?user=shop&password=%s&sslmode=%s"
        .formatted(volume.port, volume.password(), mode);
  }

  private static String version(String url) throws SQLException {
    try (Connection connection = open(url)) {
      return one(
          connection,
          "select coalesce(version, 'none') from pg_stat_ssl where pid = pg_backend_pid()");
    }
  }

  private static Connection open(String url) throws SQLException {
    return DriverManager.getConnection(url + "&socketFactory=" + LoopbackSockets.class.getName());
  }

  private static String one(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void end(Process server) throws InterruptedException {
    server.destroy();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }
}
