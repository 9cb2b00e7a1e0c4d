package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An instance whose PostgreSQL is somebody else's. */
class ExternalIT {
  private static final String PASSWORD = "p@ss/%:+'\"\\ word";
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("external");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void OXY_13_nothingIsMadeForAServerThatSomebodyElseRuns() {
    secret("plain-db", Map.of("username", "app", "password", PASSWORD));
    create(
        "plain", "host: db.example.com, database: orders, credentialsSecretRef: {name: plain-db}");
    StorageInstance ready = stage.awaitReady("plain");

    assertThat(stage.find(StatefulSet.class, "plain-postgresql")).isNull();
    assertThat(stage.find(Service.class, "plain-postgresql")).isNull();
    assertThat(stage.find(PersistentVolumeClaim.class, "data-plain-postgresql-0")).isNull();
    assertThat(stage.find(PersistentVolumeClaim.class, "plain-data")).isNull();
    assertThat(stage.find(Secret.class, "plain-credentials")).isNull();
    assertThat(bound("plain", "host")).isEqualTo("db.example.com");
    assertThat(bound("plain", "password")).isEqualTo(PASSWORD);
    assertThat(bound("plain", "uri"))
        .isEqualTo(
            "postgresql://app:p%40ss%2F%25%3A%2B%27%22%5C%20word@db.example.com:5432/orders");
    // The only places for a secret are Secrets.
    assertThat(Serialization.asJson(ready) + Serialization.asJson(probe("plain")))
        .doesNotContain("p@ss");
  }

  @Test
  void PHX_14_withoutAPasswordThereIsNoKeyForIt() {
    secret("cert-db", Map.of("username", "app"));
    create("cert", "host: db.example.com, database: orders, credentialsSecretRef: {name: cert-db}");
    stage.awaitReady("cert");

    assertThat(stage.get(Secret.class, "cert-binding").getData())
        .doesNotContainKeys("password", "PGPASSWORD", "pgpass")
        .containsKeys("uri", "PGUSER");
    assertThat(bound("cert", "uri")).isEqualTo("postgresql://app@db.example.com:5432/orders");
  }

  @Test
  void PHX_15_aSocketIsNotProbedAndStandsInAParameter() {
    secret("side-db", Map.of("username", "app"));
    create(
        "side",
        "host: /var/run/postgresql, database: orders, credentialsSecretRef: {name: side-db}");
    stage.awaitReady("side");

    assertThat(bound("side", "uri"))
        .isEqualTo("postgresql://app@/orders?host=/var/run/postgresql&port=5432");
    assertThat(bound("side", "jdbc-url")).isNull();
    assertThat(probes("side")).isZero();
  }

  @Test
  void aChangedSecretReachesTheApplicationByItself() {
    secret("turn-db", Map.of("url", "postgres://app:first@db.example.com/orders?sslmode=require"));
    create("turn", "credentialsSecretRef: {name: turn-db, uriKey: url}");
    stage.awaitReady("turn");
    assertThat(bound("turn", "uri-ssl"))
        .isEqualTo("postgresql://app:first@db.example.com:5432/orders?sslmode=require");
    String before = probe("turn").getMetadata().getName();

    replace("turn-db", Map.of("url", "postgres://new:second@db.example.com/orders"));
    await("the new password")
        .atMost(Duration.ofMinutes(1))
        .until(() -> "second".equals(bound("turn", "password")));

    assertThat(bound("turn", "username")).isEqualTo("new");
    await("one probe").until(() -> probes("turn") == 1);
    assertThat(probe("turn").getMetadata().getName()).isNotEqualTo(before);
  }

  @Test
  void aUrlThatNamesAnotherDatabaseIsNotFollowed() {
    secret("away-db", Map.of("url", "postgres://app:x@db.example.com/orders"));
    create("away", "credentialsSecretRef: {name: away-db, uriKey: url}");
    stage.awaitReady("away");

    replace("away-db", Map.of("url", "postgres://app:x@db.example.com/other"));
    stage.touch("away", 1);
    assertThat(stage.awaitStalled("away", "ExternalMoved"))
        .contains("db.example.com:5432/orders", "db.example.com:5432/other");
    assertThat(bound("away", "database")).isEqualTo("orders");
    assertThat(Stage.condition(stage.instance("away"), "Ready"))
        .returns("True", c -> Objects.requireNonNull(c).getStatus());

    replace("away-db", Map.of("url", "postgres://app:x@db.example.com/orders"));
    stage.touch("away", 2);
    stage.awaitReady("away");
  }

  @Test
  void OXY_46_theNameOfTheDatabaseMayBeInTheSecretToo() {
    Map<String, String> data = Map.of("username", "app", "password", "x", "dbname", "orders");
    secret("keyed-db", data);
    create(
        "keyed",
        "host: db.example.com, credentialsSecretRef: {name: keyed-db, databaseKey: dbname}");
    stage.awaitReady("keyed");
    assertThat(bound("keyed", "uri")).isEqualTo("postgresql://app:x@db.example.com:5432/orders");

    replace("keyed-db", Map.of("username", "app", "password", "x", "dbname", "other"));
    stage.touch("keyed", 1);
    assertThat(stage.awaitStalled("keyed", "ExternalMoved"))
        .contains("db.example.com:5432/orders", "db.example.com:5432/other");
    assertThat(bound("keyed", "database")).isEqualTo("orders");
  }

  @Test
  void aSecretThatIsMissingIsNamedAndWaitedFor() {
    create("late", "host: db.example.com, database: orders, credentialsSecretRef: {name: late-db}");
    assertThat(stage.awaitStalled("late", "CredentialsMissing")).contains("Secret late-db");

    secret("late-db", Map.of("password", "x"));
    stage.touch("late", 1);
    await("the key that lacks")
        .until(() -> stage.awaitStalled("late", "CredentialsMissing").contains("no key username"));
    replace("late-db", Map.of("username", "app", "password", "x"));
    stage.touch("late", 2);
    stage.awaitReady("late");
  }

  @Test
  void itsOwnBindingIsNobodysCredentials() {
    create(
        "snake", "host: db.example.com, database: o, credentialsSecretRef: {name: snake-binding}");
    assertThat(stage.awaitStalled("snake", "CredentialsMissing")).contains("snake-binding");
    Secret foreign = secret("snake-binding", Map.of("username", "app"));
    stage.touch("snake", 1);
    assertThat(stage.awaitStalled("snake", "NameConflict")).contains("snake-binding");
    assertThat(stage.get(Secret.class, "snake-binding").getMetadata().getUid())
        .isEqualTo(foreign.getMetadata().getUid());
  }

  @Test
  void dataThatTheOperatorKeepsAreNotLeftBehind() {
    stage.create("kept", "{backend: PostgreSQL}");
    String former = stage.awaitReady("kept").getMetadata().getUid();
    stage.client().resource(stage.instance("kept")).delete();
    await("kept").until(() -> stage.find(Secret.class, "kept-binding") == null);

    secret("kept-db", Map.of("username", "app"));
    create("kept", "host: db.example.com, database: orders, credentialsSecretRef: {name: kept-db}");
    stage.awaitStalled("kept", "AdoptionRequired");
    stage.merge(
        StorageInstance.class,
        "kept",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"" + former + "\"}}}");
    stage.awaitStalled("kept", "DataElsewhere");
    assertThat(stage.find(Secret.class, "kept-binding")).isNull();
  }

  @Test
  void OXY_23_deletingTheResourceLeavesSecretAndDatabase() {
    Secret made = secret("gone-db", Map.of("username", "app", "password", "x"));
    stage.create(
        "gone",
        "{backend: PostgreSQL, deletionPolicy: Delete, postgresql: {external: {host: db.example.com,"
            + " database: orders, credentialsSecretRef: {name: gone-db}}}}");
    stage.awaitReady("gone");
    // There is nothing to confirm.
    stage.client().resource(stage.instance("gone")).delete();

    await("gone").until(() -> stage.find(StorageInstance.class, "gone") == null);
    await("its binding").until(() -> stage.find(Secret.class, "gone-binding") == null);
    assertThat(stage.get(Secret.class, "gone-db").getMetadata().getUid())
        .isEqualTo(made.getMetadata().getUid());
  }

  private static void create(String name, String external) {
    stage.create(name, "{backend: PostgreSQL, postgresql: {external: {" + external + "}}}");
  }

  private static Secret secret(String name, Map<String, String> values) {
    return stage.client().resource(build(name, values)).create();
  }

  private static void replace(String name, Map<String, String> values) {
    stage.client().resource(build(name, values)).update();
  }

  private static Secret build(String name, Map<String, String> values) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(stage.namespace())
        .endMetadata()
        .withStringData(values)
        .build();
  }

  private static @Nullable String bound(String instance, String key) {
    String value = stage.get(Secret.class, instance + "-binding").getData().get(key);
    return value == null
        ? null
        : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private static Job probe(String instance) {
    return jobs(instance).getItems().getFirst();
  }

  private static int probes(String instance) {
    return jobs(instance).getItems().size();
  }

  private static io.fabric8.kubernetes.api.model.batch.v1.JobList jobs(String instance) {
    return stage
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(stage.namespace())
        .withLabel("app.kubernetes.io/component", "probe")
        .withLabel("app.kubernetes.io/instance", instance)
        .list();
  }
}
