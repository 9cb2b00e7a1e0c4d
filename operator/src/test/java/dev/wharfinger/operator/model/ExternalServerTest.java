package dev.wharfinger.operator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the Secrets that a spec names. */
class ExternalServerTest {
  static final String URI = "credentialsSecretRef: {name: db, uriKey: url}";
  static final String KEYS =
      "host: db.example.com, database: orders, credentialsSecretRef: {name: db}";

  @Test
  void PHX_12_portAndPasswordNeedNotBeSaid() {
    ExternalServer server = server(KEYS, Map.of("username", "app"));

    assertThat(server.endpoint().address()).isEqualTo("db.example.com:5432/orders");
    assertThat(server.password()).isNull();
    assertThat(server.credentials().getData()).isNullOrEmpty();
    assertThat(server.sslMode()).isEqualTo("prefer");
  }

  /** Without a path libpq looks for one in the home of whoever runs it, and refuses. */
  @ParameterizedTest
  @CsvSource({"verify-ca, true", "verify-full, true", "require, false", "disable, false"})
  void PHX_22_whoVerifiesFindsTheCertificatesWhereThoseOfAnyServerAre(String mode, boolean told) {
    InstanceModel model = model(KEYS, mode + ", caSecretRef: {name: db}");
    ExternalServer server =
        ExternalServer.of(model, name -> secret(Map.of("username", "app", "ca.crt", "PEM")));
    String root = "/etc/wharfinger/" + model.name() + "/ca.crt";
    Map<String, String> values = BindingValues.of(model.at(server), Backend.POSTGRESQL, "hush");

    assertThat(values).containsEntry("ca.crt", "PEM");
    assertThat(root.equals(values.get("PGSSLROOTCERT"))).isEqualTo(told);
    assertThat(root.equals(values.get("sslrootcert"))).isEqualTo(told);
    for (String key :
        List.of("uri-ssl", "uri-postgres", "uri-psycopg", "uri-psycopg2", "jdbc-uri", "dsn")) {
      assertThat(Objects.requireNonNull(values.get(key)).contains("sslrootcert=" + root))
          .as(key)
          .isEqualTo(told);
    }
    assertThat(Objects.requireNonNull(values.get("npgsql")).contains("Root Certificate=" + root))
        .isEqualTo(told);
    // What drivers without that word are told.
    assertThat(values.get("uri") + values.get("uri-asyncpg")).doesNotContain("ssl");
  }

  /** A Secret as it is made for the image of PostgreSQL. */
  @Test
  void OXY_46_theKeysOfTheSecretMayHaveOtherNames() {
    ExternalServer server =
        server(
            KEYS.replace("database: orders, ", "")
                .replace(
                    "name: db}",
                    "name: db, usernameKey: POSTGRES_USER, passwordKey: POSTGRES_PASSWORD, databaseKey:"
                        + " POSTGRES_DB}"),
            Map.of("POSTGRES_USER", "app", "POSTGRES_PASSWORD", "p@ss", "POSTGRES_DB", "orders"));

    assertThat(server.endpoint().username()).isEqualTo("app");
    assertThat(server.endpoint().database()).isEqualTo("orders");
    assertThat(server.password()).isEqualTo("p@ss");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "-a", "a b", "orders\n", "hush?sslmode=disable"})
  void OXY_46_aDatabaseThatCannotBeUsedIsRefusedAndNotRepeated(String database) {
    String keys =
        "host: db.example.com, credentialsSecretRef: {name: db, databaseKey: POSTGRES_DB}";

    assertThatThrownBy(() -> server(keys, Map.of("username", "app", "POSTGRES_DB", database)))
        .isInstanceOf(StalledException.class)
        .returns("CredentialsInvalid", e -> ((StalledException) e).reason())
        .hasMessageContaining("key POSTGRES_DB of Secret db")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> server(keys, Map.of("username", "app")))
        .hasMessageContaining("has no key POSTGRES_DB");
  }

  /** Else an upgrade of the operator would have every server probed anew. */
  @Test
  void whoSaysNoKeyForTheDatabaseIsWhatItWas() {
    assertThat(server(KEYS, Map.of("username", "app")).version()).doesNotContain("databaseKey");
  }

  @Test
  void aPasswordWhoseKeyIsSaidMustBeThere() {
    String keys = KEYS.replace("name: db}", "name: db, passwordKey: pass}");

    assertThatThrownBy(() -> server(keys, Map.of("username", "app", "password", "x")))
        .isInstanceOf(StalledException.class)
        .hasMessageContaining("has no key pass");
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://app:p%40ss%2F@db/orders, db:5432/orders, app, p@ss/",
    "postgresql://app@db:6432/orders?application_name=x, db:6432/orders, app,",
    "postgresql://a%40b:a+b@[::1]/o-1, [::1]:5432/o-1, a@b, a+b",
    "postgresql://app:@db.example.com./orders, db.example.com.:5432/orders, app, ''",
  })
  void OXY_05_OXY_43_aUrlSaysAll(String url, String address, String user, String password) {
    ExternalServer server = server(URI, Map.of("url", url + "\n"));

    assertThat(server.endpoint().address()).isEqualTo(address);
    assertThat(server.endpoint().username()).isEqualTo(user);
    assertThat(server.password()).isEqualTo(password);
  }

  @Test
  void theModeOfTheUrlIsObeyedUnlessTheSpecSaysOne() {
    Map<String, String> data = Map.of("url", "postgres://app:x@db/orders?a=b&sslmode=require");

    assertThat(server(URI, data).sslMode()).isEqualTo("require");
    assertThat(ExternalServer.of(model(URI, "disable"), name -> secret(data)).sslMode())
        .isEqualTo("disable");
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://app:hush@db/orders, does not begin",
    "postgres://app:hu%sh@db/orders, percent-encoding",
    "postgres://app:hush@db, no host or no database",
    "postgres://:hush@db/orders, no role",
    "postgres://app:hush@db/a%2Fb, database with characters",
    "postgres://app:hush@db/orders?sslmode=hush, sslmode",
    "postgres://app@db/orders?a=b&password=hush, parameter password",
    "postgres://app:hush@db/orders?%75ser=other, parameter user",
    "postgres://app:hush@db/orders?sslmode=verify-full, ssl.caSecretRef",
    "hush, does not begin",
  })
  void aUrlThatCannotBeUsedIsRefusedAndNotRepeated(String url, String why) {
    assertThatThrownBy(() -> server(URI, Map.of("url", url)))
        .isInstanceOf(StalledException.class)
        .returns("CredentialsInvalid", e -> ((StalledException) e).reason())
        .hasMessageContaining(why)
        .hasMessageNotContaining("hush");
  }

  @Test
  void whatIsNobodysPasswordIsNotTaken() {
    Secret token =
        secret(Map.of("username", "app"))
            .edit()
            .withType("kubernetes.io/service-account-token")
            .build();

    assertThatThrownBy(() -> ExternalServer.of(model(KEYS, "prefer"), name -> token))
        .hasMessageContaining("is not for this");
  }

  @Test
  void aSecretThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> ExternalServer.of(model(KEYS, "prefer"), name -> null))
        .returns("CredentialsMissing", e -> ((StalledException) e).reason())
        .hasMessageContaining("Secret db");
  }

  @Test
  void itsTextHasNoPassword() {
    assertThat(server(KEYS, Map.of("username", "app", "password", "hush")).toString())
        .doesNotContain("hush");
  }

  static ExternalServer server(String external, Map<String, String> data) {
    return ExternalServer.of(model(external, null), name -> secret(data));
  }

  static InstanceModel model(String external, @Nullable String mode) {
    return InstanceModel.of(
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: orders, namespace: shop, uid: 5a3c}
            spec: {backend: PostgreSQL, ssl: {%s}, postgresql: {external: {%s}}}
            """
                .formatted(mode == null ? "" : "mode: " + mode, external)),
        RunningOperator.config("shop"));
  }

  static Secret secret(Map<String, String> plain) {
    Map<String, String> data = new TreeMap<>();
    plain.forEach((key, value) ->
        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    return new SecretBuilder()
        .withNewMetadata()
        .withName("db")
        .withUid("1")
        .withResourceVersion("1")
        .endMetadata()
        .withType("Opaque")
        .withData(data)
        .build();
  }
}
