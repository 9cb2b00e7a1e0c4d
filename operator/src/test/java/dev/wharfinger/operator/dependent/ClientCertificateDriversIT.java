package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.BindingValues;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.testing.Certified;
import dev.wharfinger.testing.ClientPair;
import dev.wharfinger.testing.Drivers;
import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PHX-14: real drivers come in by the certificate alone, with the very values of a binding. */
class ClientCertificateDriversIT {
  @TempDir private static Path mounted;
  private static PostgresServer server;
  private static Map<String, String> binding;

  @BeforeAll
  static void start() throws Exception {
    Authority authority = Authority.make(Instant.now().minus(Duration.ofDays(200)));
    Authorities all = new Authorities(authority, null);
    server = PostgresServer.start();
    server.kill();
    String url = Certified.show(server, authority.issue(List.of("localhost"), Instant.now()), all);
    server.letIn("hostssl all all 127.0.0.1/32 cert\n");
    ClientPair pair = ClientPair.of(authority, "app", "RSA", Instant.now());
    binding = mounted(told(url.substring(url.lastIndexOf('/') + 1), all.bundle(), pair));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri", "uri-psycopg", "uri-psycopg2", "dsn"})
  void PHX_14_psycopgComesIn(String key) throws Exception {
    assertThat(Drivers.connect("psycopg", driver(key), environment()))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uri-ssl", "uri-postgres", "dsn"})
  void PHX_14_pgxComesIn(String key) throws Exception {
    assertThat(Drivers.connect("pgx", value(key), Map.of()))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  @Test
  void PHX_14_asyncpgComesIn() throws Exception {
    assertThat(Drivers.connect("asyncpg", driver("uri-asyncpg"), environment()))
        .isEqualTo(new Drivers.Said(0, "TLS: TLSv1.3"));
  }

  /** Those of sqlx and of Go, which have libpq's words. */
  @ParameterizedTest
  @ValueSource(strings = {"uri-ssl", "uri-postgres", "dsn"})
  void PHX_14_libpqComesIn(String key) throws Exception {
    assertThat(server.psql(Map.of(), value(key), "SELECT current_user").strip()).isEqualTo("app");
  }

  @Test
  void PHX_14_pgjdbcComesIn() throws Exception {
    try (Connection connection = DriverManager.getConnection(value("jdbc-uri"))) {
      assertThat(connection.getMetaData().getUserName()).isEqualTo("app");
    }
  }

  @Test
  void whoLeavesTheFilesAwayDoesNot() throws Exception {
    Map<String, String> without = environment();
    without.keySet().removeAll(List.of("PGSSLCERT", "PGSSLKEY"));

    assertThat(Drivers.connect("psycopg", driver("uri"), without).text())
        .contains("client certificate");
  }

  /** What the operator makes of a resource and its Secret. */
  private static Map<String, String> told(String database, String ca, ClientPair pair)
      throws Exception {
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
                  ssl: {mode: verify-full, caSecretRef: {name: client}}
                  postgresql:
                    external:
                      host: localhost
                      port: %d
                      database: %s
                      credentialsSecretRef: {name: client}
                      clientCertificateSecretRef: {name: client}
                """
                    .formatted(server.port(), database)),
            RunningOperator.config("test"));
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName("client")
            .withUid("c")
            .withResourceVersion("1")
            .endMetadata()
            .withType("kubernetes.io/tls")
            .addToData("username", SecretText.encode("app"))
            .addToData("ca.crt", SecretText.encode(ca))
            .addToData("tls.crt", SecretText.encode(pair.certificateText()))
            .addToData("tls.key", SecretText.encode(pair.keyText()))
            .build();
    return BindingValues.of(
        model.at(ExternalServer.of(model, name -> secret)), Backend.POSTGRESQL, null);
  }

  /** The files as a pod mounts them, and the values with the place where that is here. */
  private static Map<String, String> mounted(Map<String, String> values) throws Exception {
    for (String file : List.of("ca.crt", "tls.crt")) {
      Files.writeString(mounted.resolve(file), Objects.requireNonNull(values.get(file)));
    }
    ClientPair.secret(mounted.resolve("tls.key"), Objects.requireNonNull(values.get("tls.key")));
    Map<String, String> here = new HashMap<>(values);
    here.replaceAll((key, value) -> value.replace("/etc/wharfinger/shop", mounted.toString()));
    return here;
  }

  /** SQLAlchemy's own word for the driver is not for the driver. */
  private static String driver(String key) {
    return value(key).replaceFirst("^postgresql[+][a-z0-9]+:", "postgresql:");
  }

  private static String value(String key) {
    return Objects.requireNonNull(binding.get(key));
  }

  /** What {@code envFrom} gives. */
  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(binding);
    environment.keySet().removeIf(name -> !name.startsWith("PG"));
    return environment;
  }
}
