package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.BindingValues;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Preset;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.testing.Drivers;
import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PHX-15: what the binding says of a socket opens one, with the password that it asks for. */
class SocketDriversIT {
  private static PostgresServer server;
  private static Map<String, String> binding;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    server.admin(
        "postgres", "ALTER ROLE app PASSWORD '" + Preset.PASSWORD.replace("'", "''") + "'");
    // No other way in than the socket.
    server.letIn("local all app scram-sha-256\n");
    binding = told(server.newDatabase());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-ssl", "uri-postgres", "dsn"})
  void PHX_15_libpqComesIn(String key) throws Exception {
    assertThat(server.psql(Map.of(), value(key), "SELECT current_user").strip()).isEqualTo("app");
  }

  /** Nothing but the environment: what {@code envFrom} gives. */
  @Test
  void PHX_15_libpqComesInWithTheVariablesAlone() throws Exception {
    assertThat(server.psql(environment(), "", "SELECT current_user").strip()).isEqualTo("app");
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-psycopg", "uri-psycopg2", "dsn"})
  void PHX_15_psycopgComesIn(String key) throws Exception {
    assertThat(Drivers.connect("psycopg", driver(key), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-ssl", "uri-postgres", "dsn"})
  void PHX_15_pgxComesIn(String key) throws Exception {
    assertThat(Drivers.connect("pgx", value(key), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  @Test
  void PHX_15_asyncpgComesIn() throws Exception {
    assertThat(Drivers.connect("asyncpg", driver("uri-asyncpg"), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  @Test
  void PHX_15_nodePostgresComesIn() throws Exception {
    assertThat(Drivers.connect("pg", value("uri"), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  /** What docs/external-postgresql.md has for it, because it refuses a URL without a host. */
  @Test
  void PHX_15_sqlxComesInByAUrlWithAHostThatItDoesNotUse() throws Exception {
    String url = value("uri-ssl");
    assertThat(Drivers.connect("sqlx", url, Map.of()).text()).contains("empty host");
    assertThat(Drivers.connect("sqlx", url.replace("@/", "@localhost/"), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: None"));
  }

  /** So that the others did not come in for nothing. */
  @Test
  void withoutThePasswordNobodyDoes() throws Exception {
    Map<String, String> without = environment();
    without.remove("PGPASSWORD");

    assertThat(Drivers.connect("psycopg", "", without).text()).contains("password");
  }

  /** What the operator makes of a resource and its Secret. */
  private static Map<String, String> told(String database) {
    InstanceModel model =
        InstanceModel.of(
            Yaml.read(
                StorageInstance.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageInstance
                metadata: {name: shop, namespace: test, uid: u}
                spec:
                  backend: PostgreSQL
                  postgresql:
                    external:
                      host: %s
                      port: %d
                      database: %s
                      credentialsSecretRef: {name: db}
                """
                    .formatted(server.directory(), server.port(), database)),
            RunningOperator.config("test"));
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName("db")
            .withUid("d")
            .withResourceVersion("1")
            .endMetadata()
            .addToData("username", SecretText.encode("app"))
            .addToData("password", SecretText.encode(Preset.PASSWORD))
            .build();
    return BindingValues.of(
        model.at(ExternalServer.of(model, name -> secret)), Backend.POSTGRESQL, Preset.PASSWORD);
  }

  /** SQLAlchemy's own word for the driver is not for the driver. */
  private static String driver(String key) {
    return value(key).replaceFirst("^postgresql[+][a-z0-9]+:", "postgresql:");
  }

  private static String value(String key) {
    return Objects.requireNonNull(binding.get(key));
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(binding);
    environment.keySet().removeIf(name -> !name.startsWith("PG"));
    return environment;
  }
}
