package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The certificates of the operator's own servers, by the real reconciler and a real API server. */
class CertificateIT {
  private static final String VERIFIED = "{backend: PostgreSQL, ssl: {mode: verify-full}}";
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("certificates");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void PHX_22_theApplicationIsToldByWhatToVerify() {
    stage.create("told", VERIFIED);
    stage.awaitReady("told");

    Map<String, String> server = data("told-postgresql-tls");
    assertThat(server).containsOnlyKeys("tls.crt", "tls.key", "ca.crt");
    assertThat(data("told-binding"))
        .containsEntry("ca.crt", server.get("ca.crt"))
        .containsEntry("sslmode", "verify-full")
        .containsEntry("PGSSLROOTCERT", "/etc/wharfinger/told/ca.crt");
    assertThat(stage.get(ConfigMap.class, "told-postgresql").getData())
        .hasEntrySatisfying("pg_hba.conf", v -> assertThat(v).contains("\nhostssl all all all "))
        .hasEntrySatisfying("postgresql.conf", v -> assertThat(v).contains("ssl = on\n"));
    assertThat(volumes("told")).contains("tls");
    for (String name : List.of("told-postgresql-tls", "told-postgresql-ca")) {
      assertThat(stage.get(Secret.class, name).getMetadata().getOwnerReferences()).hasSize(1);
    }
  }

  /** Keys are in the two Secrets that are for them, and nowhere else. */
  @Test
  void noKeyIsAnywhereElse() {
    stage.create("keys", VERIFIED);
    stage.awaitReady("keys");

    assertThat(stage.client().secrets().inNamespace(stage.namespace()).list().getItems())
        .filteredOn(s ->
            CertificateSecrets.data(s).values().stream().anyMatch(v -> v.contains("PRIVATE KEY")))
        .extracting(s -> s.getMetadata().getName())
        .filteredOn(name -> name.startsWith("keys-"))
        .containsExactlyInAnyOrder("keys-postgresql-tls", "keys-postgresql-ca");
    assertThat(stage.client().configMaps().inNamespace(stage.namespace()).list().getItems())
        .noneMatch(c -> c.getData().values().stream().anyMatch(v -> v.contains("PRIVATE")));
    // The authority's key is mounted by nobody.
    assertThat(
            stage
                .get(StatefulSet.class, "keys-postgresql")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getVolumes())
        .noneMatch(v ->
            v.getSecret() != null && "keys-postgresql-ca".equals(v.getSecret().getSecretName()));
  }

  @Test
  void aCertificateNearItsEndIsRenewedAndNothingRestarts() {
    stage.create("renewed", VERIFIED);
    stage.awaitReady("renewed");
    Map<String, String> before = data("renewed-postgresql-tls");
    Authorities authorities = authorities("renewed");
    var old =
        authorities.current().issue(names("renewed"), Instant.now().minus(Duration.ofDays(61)));
    Map<String, String> aged = new HashMap<>(before);
    aged.put("tls.crt", old.certificates());
    aged.put("tls.key", old.keyText());
    Long generation = generation("renewed");
    put("renewed-postgresql-tls", aged);

    await()
        .untilAsserted(() ->
            assertThat(data("renewed-postgresql-tls").get("tls.crt"))
                .isNotEqualTo(aged.get("tls.crt")));
    stage.awaitReady("renewed");
    assertThat(data("renewed-postgresql-tls")).containsEntry("ca.crt", before.get("ca.crt"));
    assertThat(data("renewed-binding")).containsEntry("ca.crt", before.get("ca.crt"));
    assertThat(generation("renewed")).isEqualTo(generation);
  }

  /** Both are trusted, and the old one signs, until its time has come. */
  @Test
  void anAuthorityNearItsEndIsJoinedByTheNext() {
    stage.create("joined", VERIFIED);
    stage.awaitReady("joined");
    Instant longAgo = Instant.now().minus(Duration.ofDays(3 * 365 - 100));
    Authority aged = Authority.make(longAgo);
    age("joined", new Authorities(aged, null), aged);

    await().untilAsserted(() -> assertThat(authorities("joined").next()).isNotNull());
    stage.awaitReady("joined");
    Authorities both = authorities("joined");
    assertThat(data("joined-binding")).containsEntry("ca.crt", both.bundle());
    String signed = data("joined-postgresql-tls").get("tls.crt");

    // A month later.
    Authority next = Authority.make(Instant.now().minus(Duration.ofDays(31)));
    age("joined", new Authorities(aged, next), aged);
    await()
        .untilAsserted(
            () -> assertThat(data("joined-postgresql-tls").get("tls.crt")).isNotEqualTo(signed));
    stage.awaitReady("joined");
    assertThat(data("joined-binding"))
        .containsEntry("ca.crt", new Authorities(aged, next).bundle());

    // Another month later the old one is gone.
    Authority signing = Authority.make(Instant.now().minus(Duration.ofDays(61)));
    age("joined", new Authorities(aged, signing), signing);
    await()
        .untilAsserted(() ->
            assertThat(data("joined-binding"))
                .containsEntry("ca.crt", new Authorities(signing, null).bundle()));
    assertThat(data("joined-postgresql-ca")).containsOnlyKeys("ca.crt", "ca.key");
  }

  /** Time passes while the operator is away: these authorities, and what one of them signed. */
  private static void age(String name, Authorities authorities, Authority signer) {
    stage.stop();
    var shown = signer.issue(names(name), Instant.now());
    put(name + "-postgresql-ca", authorities.data());
    put(
        name + "-postgresql-tls",
        Map.of(
            "tls.crt",
            shown.certificates(),
            "tls.key",
            shown.keyText(),
            "ca.crt",
            authorities.bundle()));
    stage.restart();
  }

  @Test
  void T47_whatIsDeletedByHandComesBack() {
    stage.create("lost", VERIFIED);
    stage.awaitReady("lost");
    Map<String, String> before = data("lost-postgresql-tls");

    stage.client().resource(stage.get(Secret.class, "lost-postgresql-tls")).delete();
    stage.awaitObject(Secret.class, "lost-postgresql-tls");
    stage.awaitReady("lost");
    assertThat(data("lost-postgresql-tls")).containsEntry("ca.crt", before.get("ca.crt"));

    before = data("lost-postgresql-tls");
    stage.client().resource(stage.get(Secret.class, "lost-postgresql-ca")).delete();
    stage.awaitObject(Secret.class, "lost-postgresql-ca");
    stage.awaitReady("lost");
    // The server shows what it has shown, and who trusts it is told of the next authority.
    assertThat(data("lost-postgresql-tls"))
        .containsEntry("tls.crt", before.get("tls.crt"))
        .hasEntrySatisfying(
            "ca.crt", v -> assertThat(v).contains(data("lost-postgresql-ca").get("next.crt")));
    assertThat(data("lost-binding").get("ca.crt")).startsWith(before.get("ca.crt"));
  }

  @Test
  void T45_lostLabelsAndOwnersComeBack() {
    stage.create("marks", VERIFIED);
    stage.awaitReady("marks");
    int turn = 0;
    for (String name : List.of("marks-postgresql-tls", "marks-postgresql-ca")) {
      stage.merge(Secret.class, name, "{\"metadata\":{\"ownerReferences\":null}}");
      await()
          .untilAsserted(() ->
              assertThat(stage.get(Secret.class, name).getMetadata().getOwnerReferences())
                  .hasSize(1));
      stage.merge(
          Secret.class, name, "{\"metadata\":{\"labels\":{\"app.kubernetes.io/instance\":null}}}");
      stage.touch("marks", turn++);
      await()
          .untilAsserted(() ->
              assertThat(stage.get(Secret.class, name).getMetadata().getLabels())
                  .containsEntry("app.kubernetes.io/instance", "marks"));
      stage.awaitReady("marks");
    }
  }

  @Test
  void OXY_26_aForeignSecretOfTheNameIsNotTouched() {
    stage
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("foreign-postgresql-tls")
                .withNamespace(stage.namespace())
                .endMetadata()
                .withData(Map.of("theirs", "eA=="))
                .build())
        .create();
    stage.create("foreign", VERIFIED);

    assertThat(stage.awaitStalled("foreign", "NameConflict")).contains("foreign-postgresql-tls");
    assertThat(stage.get(Secret.class, "foreign-postgresql-tls").getData())
        .containsOnlyKeys("theirs");
  }

  /** As every server of before this operator knew TLS, whatever its harmless mode said. */
  @Test
  void T46_aRunningServerIsNotRestartedToOfferTls() {
    stage.create("running", "{backend: PostgreSQL}");
    stage.awaitReady("running");
    Long generation = generation("running");
    mode("running", "prefer");
    stage.awaitReady("running");

    assertThat(generation("running")).isEqualTo(generation);
    assertThat(stage.get(ConfigMap.class, "running-postgresql").getData().get("postgresql.conf"))
        .doesNotContain("ssl");
    stage.merge(
        StorageInstance.class,
        "running",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/restart-at\":\"now\"}}}");
    await().untilAsserted(() -> assertThat(volumes("running")).contains("tls"));
    stage.awaitReady("running");
    assertThat(stage.get(ConfigMap.class, "running-postgresql").getData())
        .hasEntrySatisfying("postgresql.conf", v -> assertThat(v).contains("ssl = on\n"))
        .hasEntrySatisfying("pg_hba.conf", v -> assertThat(v).contains("\nhost all all all "));

    // From here the stricter modes restart nobody.
    generation = generation("running");
    mode("running", "verify-full");
    stage.awaitReady("running");
    assertThat(generation("running")).isEqualTo(generation);
    assertThat(stage.get(ConfigMap.class, "running-postgresql").getData().get("pg_hba.conf"))
        .contains("\nhostssl all all all ");
    mode("running", "prefer");
    stage.awaitReady("running");
    assertThat(generation("running")).isEqualTo(generation);

    mode("running", "disable");
    await().untilAsserted(() -> assertThat(volumes("running")).doesNotContain("tls"));
    stage.awaitReady("running");
    assertThat(data("running-binding"))
        .containsEntry("sslmode", "disable")
        .doesNotContainKeys("ca.crt", "PGSSLROOTCERT");
  }

  @Test
  void aServerThatMustDemandTlsGetsItAtOnce() {
    stage.create("demanded", "{backend: PostgreSQL}");
    stage.awaitReady("demanded");
    mode("demanded", "require");

    await().untilAsserted(() -> assertThat(volumes("demanded")).contains("tls"));
    stage.awaitReady("demanded");
    assertThat(data("demanded-binding"))
        .containsEntry("PGSSLMODE", "require")
        .containsKey("ca.crt")
        .doesNotContainKey("PGSSLROOTCERT");
  }

  /**
   * Rules and settings reach a pod that runs, a certificate does not: it would demand what it
   * cannot offer.
   */
  @Test
  void nobodyIsTurnedAwayBeforeTheServerHasItsCertificate() {
    stage.create("ordered", "{backend: PostgreSQL}");
    stage.awaitReady("ordered");
    Pod old = pod("ordered");
    stage.standIns().leave("postgresql");
    mode("ordered", "verify-full");
    await().untilAsserted(() -> assertThat(volumes("ordered")).contains("tls"));
    stage.awaitRest();
    assertThat(config("ordered", "postgresql.conf")).doesNotContain("ssl");
    assertThat(config("ordered", "pg_hba.conf")).contains("\nhost all all all ");
    assertThat(data("ordered-binding")).containsEntry("sslmode", "disable");

    stage.client().resource(old).withGracePeriod(0).delete();
    await()
        .untilAsserted(
            () -> assertThat(config("ordered", "pg_hba.conf")).contains("\nhostssl all all all "));
    assertThat(config("ordered", "postgresql.conf")).contains("ssl = on\n");
    stage.awaitRest();
    assertThat(data("ordered-binding")).containsEntry("sslmode", "disable");

    stage.standIns().serve("postgresql");
    stage.awaitReady("ordered");
    assertThat(data("ordered-binding")).containsEntry("sslmode", "verify-full");
  }

  /** The pod that the kubelet runs for a server as it is now. */
  private static Pod pod(String name) {
    StatefulSet set = stage.get(StatefulSet.class, name + "-postgresql");
    return stage
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(set.getMetadata().getName() + "-0")
                .withNamespace(stage.namespace())
                .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
                .endMetadata()
                .withSpec(
                    set.getSpec()
                        .getTemplate()
                        .getSpec()
                        .edit()
                        .addNewVolume()
                        .withName("data")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .endVolume()
                        .build())
                .build())
        .create();
  }

  private static String config(String name, String key) {
    return Objects.requireNonNull(
        stage.get(ConfigMap.class, name + "-postgresql").getData().get(key));
  }

  private static void mode(String name, String mode) {
    stage.merge(
        StorageInstance.class, name, "{\"spec\":{\"ssl\":{\"mode\":\"%s\"}}}".formatted(mode));
  }

  private static List<String> names(String name) {
    return PostgresqlServer.of(
            InstanceModel.of(stage.instance(name), RunningOperator.config(stage.namespace())))
        .hosts();
  }

  private static Authorities authorities(String name) {
    return Objects.requireNonNull(Authorities.of(data(name + "-postgresql-ca")));
  }

  private static Long generation(String name) {
    return stage.get(StatefulSet.class, name + "-postgresql").getMetadata().getGeneration();
  }

  private static List<String> volumes(String name) {
    return stage
        .get(StatefulSet.class, name + "-postgresql")
        .getSpec()
        .getTemplate()
        .getSpec()
        .getVolumes()
        .stream()
        .map(v -> v.getName())
        .toList();
  }

  private static Map<String, String> data(String name) {
    return CertificateSecrets.data(stage.get(Secret.class, name));
  }

  private static void put(String name, Map<String, String> data) {
    Map<String, String> encoded = new HashMap<>();
    data.forEach((key, value) -> encoded.put(key, SecretText.encode(value)));
    stage
        .client()
        .secrets()
        .inNamespace(stage.namespace())
        .withName(name)
        .edit(s -> s.edit().withData(encoded).build());
  }
}
