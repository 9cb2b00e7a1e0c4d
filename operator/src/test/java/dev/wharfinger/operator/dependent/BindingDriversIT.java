package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.model.Preset;
import dev.wharfinger.testing.Drivers;
import dev.wharfinger.testing.Libpq;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

/** What the binding says is understood by the drivers themselves, and opens a real server. */
class BindingDriversIT {
  private static final String HOST = "app-postgresql.shop.svc";
  private static PostgresServer server;

  @BeforeAll
  static void serverThatAsksForThePassword() throws Exception {
    server = PostgresServer.start();
    server.admin(
        "postgres",
        "CREATE ROLE app_with_password LOGIN PASSWORD '"
            + Preset.PASSWORD.replace("'", "''")
            + "'");
    server.admin("postgres", "CREATE DATABASE app");
    server.demandPasswords();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  static Stream<String> libpqs() {
    Map<String, String> binding = Preset.binding(Backend.POSTGRESQL);
    return Stream.concat(
            Stream.of("uri", "uri-ssl", "uri-postgres", "dsn", "fqdn-uri").map(binding::get),
            Preset.names().stream()
                .flatMap(p -> Preset.keys(p, Backend.POSTGRESQL).values().stream())
                .filter(v -> v.startsWith("postgres://") || v.startsWith("postgresql://")))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("libpqs")
  void PHX_12_libpqReadsEveryPart(String conninfo) throws Throwable {
    assertThat(Libpq.parse(conninfo))
        .containsEntry("host", HOST)
        .containsEntry("port", "5432")
        .containsEntry("dbname", "app")
        .containsEntry("user", "app")
        .containsEntry("password", Preset.PASSWORD);
  }

  @Test
  void CLO_22_libpqReadsATimeoutThatATemplateAdds() throws Throwable {
    assertThat(
            Libpq.parse(Preset.binding(Backend.POSTGRESQL).get("uri-ssl") + "&connect_timeout=10"))
        .containsEntry("host", HOST)
        .containsEntry("sslmode", "disable")
        .containsEntry("connect_timeout", "10");
  }

  static Stream<String> jdbcs() {
    Map<String, String> binding = Preset.binding(Backend.POSTGRESQL);
    return Stream.of("jdbc-url", "jdbc-uri", "fqdn-jdbc-uri").map(binding::get);
  }

  @ParameterizedTest
  @MethodSource("jdbcs")
  void OXY_51_pgjdbcReadsEveryPart(String url) {
    Properties read = Driver.parseURL(url, new Properties());
    assertThat(read)
        .containsEntry("PGHOST", HOST)
        .containsEntry("PGPORT", "5432")
        .containsEntry("PGDBNAME", "app")
        .containsEntry("sslmode", "disable");
    if (url.contains("user=")) {
      assertThat(read).containsEntry("user", "app").containsEntry("password", Preset.PASSWORD);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-ssl", "uri-postgres", "dsn"})
  void psqlGetsIn(String key) throws Exception {
    assertThat(server.psql(Map.of(), here(key), "SELECT current_user").strip())
        .isEqualTo("app_with_password");
  }

  /** Nothing but the environment: what {@code envFrom} gives. */
  @Test
  void OXY_18_psqlGetsInWithTheVariablesAlone() throws Exception {
    assertThat(
            server
                .psql(variables(), "", "SELECT current_user || ' ' || current_database()")
                .strip())
        .isEqualTo("app_with_password app");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg", "sqlx"})
  void OXY_18_driversThatReadThemGetInWithTheVariablesAlone(String driver) throws Exception {
    assertThat(Drivers.connect(driver, "", variables()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  private static Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>(Preset.binding(Backend.POSTGRESQL));
    variables.keySet().removeIf(key -> !key.startsWith("PG"));
    variables.put("PGHOST", "127.0.0.1");
    variables.put("PGPORT", Integer.toString(server.port()));
    variables.put("PGUSER", "app_with_password");
    return variables;
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-ssl", "uri-postgres", "fqdn-uri"})
  void PHX_13_nodePostgresGetsIn(String key) throws Exception {
    assertThat(Drivers.connect("pg", here(key), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-ssl", "uri-postgres", "fqdn-uri"})
  void CLO_21_sqlxGetsIn(String key) throws Exception {
    assertThat(Drivers.connect("sqlx", here(key), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  /** So that the others did not come in for nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"pg", "sqlx"})
  void nobodyGetsInWithHalfOfThePassword(String driver) throws Exception {
    String half = here("uri").replace("%40ss", "");
    assertThat(Drivers.connect(driver, half, Map.of()).text())
        .contains("password authentication failed");
  }

  @Test
  void jdbcGetsIn() throws Exception {
    try (Connection connection = DriverManager.getConnection(here("jdbc-uri"))) {
      assertThat(connection.getMetaData().getUserName()).isEqualTo("app_with_password");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-psycopg", "uri-psycopg2", "dsn"})
  void psycopgGetsIn(String key) throws Exception {
    assertThat(Drivers.connect("psycopg", driver(key), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-ssl", "uri-postgres", "dsn"})
  void CLO_21_pgxGetsIn(String key) throws Exception {
    assertThat(Drivers.connect("pgx", here(key), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  @Test
  void CLB_13_asyncpgGetsIn() throws Exception {
    assertThat(Drivers.connect("asyncpg", driver("uri-asyncpg"), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  @Test
  void psqlGetsInWithThePasswordFile(@TempDir Path directory) throws Exception {
    Path file =
        Files.createFile(
            directory.resolve("pgpass"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, here("pgpass"));
    assertThat(
            server
                .psql(
                    Map.of("PGPASSFILE", file.toString()),
                    "host=127.0.0.1 port=%d dbname=app user=app_with_password"
                        .formatted(server.port()),
                    "SELECT 1")
                .strip())
        .isEqualTo("1");
  }

  /** SQLAlchemy's own word for the driver is not for the driver. */
  private static String driver(String key) {
    return here(key).replaceFirst("^postgresql[+][a-z0-9]+:", "postgresql:");
  }

  /** The server of this test in the place of the instance's, and a role that it does not trust. */
  private static String here(String key) {
    return Objects.requireNonNull(Preset.binding(Backend.POSTGRESQL).get(key))
        .replace(HOST, "127.0.0.1")
        .replace("5432", Integer.toString(server.port()))
        .replace("//app:", "//app_with_password:")
        .replace("user='app'", "user='app_with_password'")
        .replace("user=app&", "user=app_with_password&")
        .replace(":app:app:", ":app:app_with_password:");
  }
}
