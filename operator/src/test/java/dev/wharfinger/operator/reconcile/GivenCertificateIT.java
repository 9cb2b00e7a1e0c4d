package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Certificates of Secrets that somebody else keeps, by the real reconciler and API server. */
class GivenCertificateIT {
  private static final Authority AUTHORITY =
      Authority.make(Instant.now().minus(Duration.ofDays(200)));
  private static Stage stage;
  private static int turn;

  @BeforeAll
  static void open() {
    stage = Stage.open("given-certificates");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void PHX_22_aCertificateFromElsewhere() {
    put("ledger-tls", data("ledger", Instant.now()));
    create("ledger", "certificateSecretRef: {name: ledger-tls}");
    stage.awaitReady("ledger");

    assertThat(secret("ledger-postgresql-tls")).isEqualTo(secret("ledger-tls"));
    assertThat(secret("ledger-binding"))
        .containsEntry("ca.crt", new Authorities(AUTHORITY, null).bundle());
    assertThat(stage.find(Secret.class, "ledger-postgresql-ca")).isNull();

    // Nobody watches it; each run reads it.
    put("ledger-tls", data("ledger", Instant.now()));
    stage.touch("ledger", turn++);
    await()
        .untilAsserted(
            () -> assertThat(secret("ledger-postgresql-tls")).isEqualTo(secret("ledger-tls")));
    stage.awaitReady("ledger");
  }

  @Test
  void oneThatCannotBeUsedIsNotWhatAServerBeginsWith() {
    create("early", "certificateSecretRef: {name: early-tls}");
    assertThat(stage.awaitStalled("early", "CertificateMissing")).contains("early-tls");
    assertThat(ready("early")).isEqualTo("False");

    put("early-tls", data("another", Instant.now()));
    stage.touch("early", turn++);
    assertThat(stage.awaitStalled("early", "CertificateWrongHost"))
        .contains("early-postgresql." + stage.namespace() + ".svc");
    assertThat(stage.find(Secret.class, "early-binding")).isNull();

    put("early-tls", data("early", Instant.now()));
    stage.touch("early", turn++);
    stage.awaitReady("early");
  }

  @Test
  void oneThatCannotBeUsedTakesNothingAwayFromAServerThatHasAnother() {
    put("kept-tls", data("kept", Instant.now()));
    create("kept", "certificateSecretRef: {name: kept-tls}");
    stage.awaitReady("kept");
    Map<String, String> before = secret("kept-postgresql-tls");
    Map<String, String> binding = secret("kept-binding");

    Map<String, String> unknown = new HashMap<>(data("kept", Instant.now()));
    unknown.put("ca.crt", new Authorities(Authority.make(Instant.now()), null).bundle());
    Map<String, String> noKey = new HashMap<>(data("kept", Instant.now()));
    noKey.put("tls.key", Objects.requireNonNull(before.get("tls.key")));
    Map<String, Map<String, String>> broken =
        Map.of(
            "CertificateExpired",
            data("kept", Instant.now().minus(Duration.ofDays(91))),
            "CertificateWrongHost",
            data("another", Instant.now()),
            "CertificateUnknownAuthority",
            unknown,
            "CertificateInvalid",
            noKey);
    broken.forEach((reason, data) -> {
      put("kept-tls", data);
      stage.touch("kept", turn++);
      assertThat(stage.awaitStalled("kept", reason)).contains("the certificate it has");
      assertThat(ready("kept")).isEqualTo("True");
      assertThat(secret("kept-postgresql-tls")).isEqualTo(before);
      assertThat(secret("kept-binding")).isEqualTo(binding);
    });

    stage.client().secrets().inNamespace(stage.namespace()).withName("kept-tls").delete();
    stage.touch("kept", turn++);
    stage.awaitStalled("kept", "CertificateMissing");
    assertThat(secret("kept-postgresql-tls")).isEqualTo(before);
  }

  @Test
  void theAuthorityMayBeSaidApart() {
    Map<String, String> data = new HashMap<>(data("apart", Instant.now()));
    String bundle = Objects.requireNonNull(data.remove("ca.crt"));
    put("apart-tls", data);
    create("apart", "certificateSecretRef: {name: apart-tls}");
    stage.awaitStalled("apart", "CertificateWithoutAuthority");

    put("apart-ca", Map.of("root.pem", bundle));
    stage.merge(
        StorageInstance.class,
        "apart",
        "{\"spec\":{\"ssl\":{\"caSecretRef\":{\"name\":\"apart-ca\",\"key\":\"root.pem\"}}}}");
    stage.awaitReady("apart");
    assertThat(secret("apart-binding")).containsEntry("ca.crt", bundle);
  }

  /** The operator's own Secrets are no way to other instances' keys. */
  @Test
  void oursIsNobodysCertificate() {
    create("own", "certificateSecretRef: {name: own-credentials}");
    assertThat(stage.awaitStalled("own", "CertificateInvalid")).contains("own-credentials");
  }

  /** Whoever trusts the old authority can verify the server until the new one is known. */
  @Test
  void backToTheOperatorsOwnTheyOverlap() {
    put("back-tls", data("back", Instant.now()));
    create("back", "certificateSecretRef: {name: back-tls}");
    stage.awaitReady("back");
    Map<String, String> before = secret("back-postgresql-tls");
    stage.merge(
        StorageInstance.class, "back", "{\"spec\":{\"ssl\":{\"certificateSecretRef\":null}}}");
    stage.awaitReady("back");

    assertThat(secret("back-binding").get("ca.crt"))
        .startsWith(before.get("ca.crt"))
        .endsWith(secret("back-postgresql-ca").get("next.crt"));
  }

  /** And from the operator's own to another's, and back. */
  @Test
  void fromTheOperatorsOwnToAnotherTheyOverlap() {
    stage.create("swap", "{backend: PostgreSQL, ssl: {mode: verify-full}}");
    stage.awaitReady("swap");
    Map<String, String> own = secret("swap-postgresql-tls");
    put("swap-tls", data("swap", Instant.now()));
    ref("swap", "{\"name\":\"swap-tls\"}");
    overlap("swap", own, secret("swap-tls"));

    ref("swap", "null");
    overlap("swap", secret("swap-tls"), own);
  }

  /** The server shows {@code before} until {@code after} is known, and both are for a month. */
  private static void overlap(String name, Map<String, String> before, Map<String, String> after) {
    String server = name + "-postgresql-tls";
    await()
        .untilAsserted(() ->
            assertThat(secret(name + "-binding").get("ca.crt"))
                .contains(before.get("ca.crt"))
                .contains(after.get("ca.crt")));
    stage.awaitReady(name);
    assertThat(secret(server)).containsEntry("tls.crt", before.get("tls.crt"));

    begun(name, Duration.ofMinutes(6));
    await()
        .untilAsserted(
            () -> assertThat(secret(server).get("tls.crt")).isNotEqualTo(before.get("tls.crt")));
    stage.awaitReady(name);
    assertThat(secret(name + "-binding").get("ca.crt")).contains(before.get("ca.crt"));

    begun(name, Duration.ofDays(31));
    await()
        .untilAsserted(() ->
            assertThat(secret(name + "-binding")).containsEntry("ca.crt", after.get("ca.crt")));
    stage.awaitReady(name);
    assertThat(secret(server)).containsOnlyKeys("tls.crt", "tls.key", "ca.crt");
  }

  /** Time passes. */
  private static void begun(String name, Duration ago) {
    stage.merge(
        Secret.class,
        name + "-postgresql-tls",
        "{\"stringData\":{\"handover-since\":\"%s\"}}".formatted(Instant.now().minus(ago)));
  }

  private static void ref(String name, String ref) {
    stage.merge(
        StorageInstance.class,
        name,
        "{\"spec\":{\"ssl\":{\"certificateSecretRef\":%s}}}".formatted(ref));
  }

  private static Map<String, String> data(String name, Instant at) {
    var certificate =
        AUTHORITY.issue(List.of("%s-postgresql.%s.svc".formatted(name, stage.namespace())), at);
    return Map.of(
        "tls.crt", certificate.certificates(),
        "tls.key", certificate.keyText(),
        "ca.crt", new Authorities(AUTHORITY, null).bundle());
  }

  private static void create(String name, String ssl) {
    stage.create(name, "{backend: PostgreSQL, ssl: {mode: verify-full, %s}}".formatted(ssl));
  }

  private static String ready(String name) {
    return Objects.requireNonNull((Condition) Stage.condition(stage.instance(name), "Ready"))
        .getStatus();
  }

  private static Map<String, String> secret(String name) {
    return CertificateSecrets.data(stage.get(Secret.class, name));
  }

  private static void put(String name, Map<String, String> data) {
    Map<String, String> encoded = new HashMap<>();
    data.forEach((key, value) -> encoded.put(key, SecretText.encode(value)));
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(stage.namespace())
            .endMetadata()
            .withType("Opaque")
            .withData(encoded)
            .build();
    stage.client().resource(secret).createOr(r -> r.update());
  }
}
