package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.operator.tls.Served;
import dev.wharfinger.runner.transfer.postgresql.TlsFault;
import dev.wharfinger.testing.Drivers;
import dev.wharfinger.testing.LoopbackSockets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real drivers with the very values of a binding with verify-full: they come in, and they do not
 * where the certificate is another authority's, another host's or of yesterday.
 */
class TlsClientsIT {
  private static final Authority AUTHORITY =
      Authority.make(Instant.now().minus(Duration.ofDays(200)));
  private static final Authorities AUTHORITIES = new Authorities(AUTHORITY, null);

  @TempDir private static Path root;
  private static ServerVolume volume;
  private static Process server;

  @BeforeAll
  static void start() throws Exception {
    volume = new ServerVolume(root, "15", "verify-full");
    assertThat(volume.init()).returns(0, ServerVolume.Exit::code);
    show(volume.hosts(), Instant.now(), AUTHORITIES);
    server = volume.server();
    await().until(() -> volume.ready().code() == 0);
  }

  @AfterAll
  static void end() throws Exception {
    server.destroy();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  private static void show(List<String> hosts, Instant at, Authorities by) {
    volume.certificate(Served.of(Map.of()).due(by, hosts, true, at));
  }

  /** What the server shows is the certificate that was made last. */
  private static void shows(List<String> hosts, Instant at, TlsFault fault) throws Exception {
    show(hosts, at, AUTHORITIES);
    assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
    await().until(() -> jdbc(AUTHORITIES.bundle()) == fault);
  }

  private static void showsItsOwn() throws Exception {
    show(volume.hosts(), Instant.now(), AUTHORITIES);
    assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
    await().until(() -> jdbc(AUTHORITIES.bundle()) == null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri-psycopg", "uri-psycopg2", "uri", "dsn"})
  void PHX_22_psycopgComesIn(String key) throws Exception {
    assertThat(python("psycopg", key, AUTHORITIES.bundle()))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  @Test
  void CLB_13_asyncpgComesIn() throws Exception {
    assertThat(python("asyncpg", "uri-asyncpg", AUTHORITIES.bundle()))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  @Test
  void OXY_51_pgjdbcComesIn() {
    assertThat(jdbc(AUTHORITIES.bundle())).isNull();
  }

  /** What is in the URL is enough: neither needs a variable beside it. */
  @ParameterizedTest
  @ValueSource(strings = {"uri-ssl", "uri-postgres"})
  void PHX_22_nodePostgresComesIn(String key) throws Exception {
    assertThat(url("pg", key, AUTHORITIES.bundle())).isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri-ssl", "uri-postgres"})
  void CLO_21_sqlxComesIn(String key) throws Exception {
    assertThat(url("sqlx", key, AUTHORITIES.bundle()))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  /** What docs/ssl.md has for it: alone it takes the word for {@code verify-full}. */
  @Test
  void CLO_21_nodePostgresCanBeToldThatRequireVerifiesNothing() throws Exception {
    String require =
        text(volume.binding(AUTHORITIES.bundle()), "uri-ssl")
            .replaceFirst("sslmode=.*", "sslmode=require");
    assertThat(Drivers.connect("pg", require, Map.of()).exit()).isEqualTo(3);
    assertThat(Drivers.connect("pg", require + "&uselibpqcompat=true", Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  /** Those of sqlx and of Go, which have libpq's words. */
  @ParameterizedTest
  @ValueSource(strings = {"uri-ssl", "uri-postgres"})
  void CLO_21_libpqComesIn(String key) throws Exception {
    assertThat(psql(key, AUTHORITIES.bundle())).isEqualTo("TLSv1.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri-ssl", "uri-postgres", "dsn"})
  void CLO_21_pgxComesIn(String key) throws Exception {
    assertThat(Drivers.connect("pgx", text(volume.binding(AUTHORITIES.bundle()), key), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  /** Nothing but what the binding says, wherever the server is from. */
  @Test
  void PHX_22_theSameDriversComeInToAServerThatSomebodyElseRuns() throws Exception {
    Map<String, String> binding = volume.externalBinding(AUTHORITIES.bundle());
    for (String key : new String[] {"uri", "uri-psycopg", "uri-psycopg2", "dsn"}) {
      assertThat(python("psycopg", key, binding))
          .as(key)
          .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
    }
    assertThat(python("asyncpg", "uri-asyncpg", binding))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
    assertThat(psql("uri-ssl", binding)).isEqualTo("TLSv1.3");
    assertThat(psql("uri-postgres", binding)).isEqualTo("TLSv1.3");
    assertThat(jdbc(binding)).isNull();

    String other = new Authorities(Authority.make(Instant.now()), null).bundle();
    assertThat(psql("uri-ssl", volume.externalBinding(other)))
        .contains("certificate verify failed");
  }

  /** As while one authority takes over from another. */
  @Test
  void twoAuthoritiesAreTrusted() throws Exception {
    String both = new Authorities(Authority.make(Instant.now()), AUTHORITY).bundle();
    assertThat(python("psycopg", "uri-psycopg", both).exit()).isZero();
    assertThat(python("asyncpg", "uri-asyncpg", both).exit()).isZero();
    assertThat(psql("uri-ssl", both)).isEqualTo("TLSv1.3");
    assertThat(url("pg", "uri-ssl", both).exit()).isZero();
    assertThat(url("sqlx", "uri-ssl", both).exit()).isZero();
    assertThat(jdbc(both)).isNull();
  }

  @Test
  void anotherAuthorityIsNotBelieved() throws Exception {
    String other = new Authorities(Authority.make(Instant.now()), null).bundle();
    assertThat(python("psycopg", "uri-psycopg", other).text())
        .contains("certificate verify failed");
    assertThat(python("asyncpg", "uri-asyncpg", other).text())
        .contains("certificate verify failed");
    assertThat(psql("uri-ssl", other)).contains("certificate verify failed");
    assertThat(Drivers.connect("pgx", text(volume.binding(other), "uri-ssl"), Map.of()).text())
        .contains("unknown authority");
    assertThat(url("pg", "uri-ssl", other).text())
        .containsAnyOf("unable to verify", "self-signed certificate", "local issuer");
    assertThat(url("sqlx", "uri-ssl", other).text()).contains("invalid peer certificate");
    assertThat(jdbc(other)).isEqualTo(TlsFault.UNKNOWN_AUTHORITY);
  }

  @Test
  void anotherHostsCertificateIsNotBelieved() throws Exception {
    shows(List.of("other-postgresql.test.svc"), Instant.now(), TlsFault.WRONG_HOST);
    try {
      String bundle = AUTHORITIES.bundle();
      assertThat(python("psycopg", "uri-psycopg", bundle).text()).contains("does not match host");
      assertThat(python("asyncpg", "uri-asyncpg", bundle).text()).contains("Hostname mismatch");
      assertThat(psql("uri-ssl", bundle)).contains("does not match host");
      assertThat(url("pg", "uri-ssl", bundle).text()).contains("does not match certificate");
      assertThat(url("sqlx", "uri-ssl", bundle).text()).contains("certificate not valid for name");
    } finally {
      showsItsOwn();
    }
  }

  @Test
  void anExpiredCertificateIsNotBelieved() throws Exception {
    shows(volume.hosts(), Instant.now().minus(Duration.ofDays(91)), TlsFault.EXPIRED);
    try {
      String bundle = AUTHORITIES.bundle();
      assertThat(python("psycopg", "uri-psycopg", bundle).text())
          .contains("certificate verify failed");
      assertThat(python("asyncpg", "uri-asyncpg", bundle).text()).contains("expired");
      assertThat(psql("uri-ssl", bundle)).contains("certificate verify failed");
      assertThat(url("pg", "uri-ssl", bundle).text()).contains("expired");
      assertThat(url("sqlx", "uri-ssl", bundle).text()).contains("expired");
    } finally {
      showsItsOwn();
    }
  }

  private static Drivers.Said python(String driver, String key, String ca) throws Exception {
    return python(driver, key, volume.binding(ca));
  }

  private static Drivers.Said python(String driver, String key, Map<String, String> binding)
      throws Exception {
    // SQLAlchemy's own word for the driver is not for the driver.
    String url = text(binding, key).replaceFirst("^postgresql[+][a-z0-9]+:", "postgresql:");
    return Drivers.connect(driver, url, environment(binding));
  }

  private static Drivers.Said url(String driver, String key, String ca) throws Exception {
    return Drivers.connect(driver, text(volume.binding(ca), key), Map.of());
  }

  private static Map<String, String> environment(Map<String, String> binding) {
    Map<String, String> environment = new HashMap<>(Map.of("PGHOSTADDR", "127.0.0.1"));
    binding.forEach((name, value) -> {
      if (name.startsWith("PG")) {
        environment.put(name, value);
      }
    });
    return environment;
  }

  private static String psql(String key, String ca) throws Exception {
    return psql(key, volume.binding(ca));
  }

  private static String psql(String key, Map<String, String> binding) throws Exception {
    return volume.run(
        "env",
        "PGHOSTADDR=127.0.0.1",
        "psql",
        "-XAtw",
        "-d",
        text(binding, key),
        "-c",
        "select version from pg_stat_ssl where pid = pg_backend_pid()");
  }

  private static @Nullable TlsFault jdbc(String ca) {
    return jdbc(volume.binding(ca));
  }

  /** Null where it comes in. */
  private static @Nullable TlsFault jdbc(Map<String, String> binding) {
    String url = text(binding, "jdbc-uri");
    SQLException refused =
        catchThrowableOfType(
            SQLException.class,
            () -> {
              try (Connection connection =
                  DriverManager.getConnection(
                      url + "&socketFactory=" + LoopbackSockets.class.getName())) {
                assertThat(connection.isValid(10)).isTrue();
              }
            });
    return refused == null ? null : TlsFault.of(refused);
  }

  private static String text(Map<String, String> binding, String key) {
    return Objects.requireNonNull(binding.get(key));
  }
}
