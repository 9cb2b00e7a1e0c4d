package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a probe says becomes a condition, and what is new is told only after it was tried. */
class ExternalProbeIT {
  private static Stage stage;
  private static Probes probes;

  @BeforeAll
  static void open() {
    stage = Stage.open("external-probe");
    probes = new Probes(stage);
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void PHX_32_aRefusalIsSaidAndEndsWithAnotherSecret() {
    create("wrong", "first");
    Job job = probe("wrong");
    assertThat(stage.find(Secret.class, "wrong-binding")).isNull();
    probes.says(job, 2, "authentication-failed", "role app is not let in; try: psql");
    probes.fail(job, "PodFailurePolicy");

    assertThat(stage.awaitStalled("wrong", "AuthenticationFailed"))
        .contains("role app is not let in; try: psql", "delete Job " + job.getMetadata().getName());
    assertThat(stage.find(Secret.class, "wrong-binding")).isNull();

    password("wrong", "second");
    stage.touch("wrong", 1);
    probes.complete(another("wrong", job));
    stage.awaitReady("wrong");
    assertThat(probes.of("wrong")).hasSize(1);
  }

  @Test
  void OXY_27_whatMayPassIsTriedAgain() {
    create("slow", "first");
    Job job = probe("slow");
    probes.says(job, 1, "connection-refused", "nobody listens");
    awaitReconciling("slow", "ConnectionRefused");

    probes.fail(job, "BackoffLimitExceeded");
    Job next = another("slow", job);
    assertThat(next.getMetadata().getName()).isEqualTo(job.getMetadata().getName());
    probes.complete(next);
    stage.awaitReady("slow");
  }

  @Test
  void aSecretThatIsRefusedTakesNothingFromTheApplication() {
    create("busy", "first");
    Job job = probe("busy");
    probes.complete(job);
    stage.awaitReady("busy");
    Map<String, String> bound = stage.get(Secret.class, "busy-binding").getData();

    password("busy", "second");
    stage.touch("busy", 1);
    Job next = another("busy", job);
    assertThat(stage.get(Secret.class, "busy-binding").getData()).isEqualTo(bound);
    probes.says(next, 2, "authentication-failed", "no");
    probes.fail(next, "PodFailurePolicy");
    stage.awaitStalled("busy", "AuthenticationFailed");

    assertThat(stage.get(Secret.class, "busy-binding").getData()).isEqualTo(bound);
    assertThat(Stage.condition(stage.instance("busy"), "Ready"))
        .returns("True", c -> Objects.requireNonNull(c).getStatus());
  }

  @Test
  void wordsThatAreNoVerdictAreNotRepeated() {
    create("odd", "first");
    Job job = probe("odd");
    probes.says(job, 2, "something-new", "as it says");
    probes.fail(job, "PodFailurePolicy");

    assertThat(stage.awaitStalled("odd", "ProbeFailed")).contains("as it says");
  }

  /** Nor does a certificate that was renewed badly, or whose Secret is gone. */
  @Test
  void PHX_14_aRenewedCertificateIsToldOnceTheServerHasTakenIt() {
    stage.client().resource(certificate("cert", "first")).create();
    stage.create(
        "cert",
        "{backend: PostgreSQL, ssl: {mode: require}, postgresql: {external: {host: db.example.com,"
            + " database: orders, credentialsSecretRef: {name: cert-db}, clientCertificateSecretRef:"
            + " {name: cert-db}}}}");
    Job job = probe("cert");
    assertThat(job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs())
        .anyMatch(
            a -> a.endsWith("?sslmode=require&sslcert=/client/tls.crt&sslkey=/client/tls.key"));
    probes.complete(job);
    stage.awaitReady("cert");
    Map<String, String> bound = stage.get(Secret.class, "cert-binding").getData();
    assertThat(bound).containsEntry("tls.key", SecretText.encode("first"));

    stage.client().resource(certificate("cert", "second")).update();
    stage.touch("cert", 1);
    Job bad = another("cert", job);
    probes.says(bad, 2, "client-certificate-unusable", "the key is another certificate's");
    probes.fail(bad, "PodFailurePolicy");
    stage.awaitStalled("cert", "ClientCertificateUnusable");
    assertThat(stage.get(Secret.class, "cert-binding").getData()).isEqualTo(bound);

    stage.client().resource(certificate("cert", "third")).delete();
    stage.touch("cert", 2);
    stage.awaitStalled("cert", "CredentialsMissing");
    assertThat(stage.get(Secret.class, "cert-binding").getData()).isEqualTo(bound);

    stage.client().resource(certificate("cert", "third")).create();
    stage.touch("cert", 3);
    probes.complete(another("cert", bad));
    await("the binding has it")
        .until(() ->
            SecretText.encode("third")
                .equals(stage.get(Secret.class, "cert-binding").getData().get("tls.key")));
  }

  private static Secret certificate(String name, String text) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name + "-db")
        .withNamespace(stage.namespace())
        .endMetadata()
        .withType("kubernetes.io/tls")
        .withStringData(Map.of("username", "app", "tls.crt", text, "tls.key", text))
        .build();
  }

  private static void create(String name, String password) {
    stage.client().resource(secret(name, password)).create();
    stage.create(
        name,
        "{backend: PostgreSQL, postgresql: {external: {host: db.example.com, database: orders,"
            + " credentialsSecretRef: {name: "
            + name
            + "-db}}}}");
  }

  private static void password(String name, String password) {
    stage.client().resource(secret(name, password)).update();
  }

  private static Secret secret(String name, String password) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name + "-db")
        .withNamespace(stage.namespace())
        .endMetadata()
        .withStringData(Map.of("username", "app", "password", password))
        .build();
  }

  private static Job probe(String instance) {
    await("a probe of " + instance).until(() -> !probes.of(instance).isEmpty());
    return probes.of(instance).getFirst();
  }

  /** Waits for the Job that comes in the place of another. */
  private static Job another(String instance, Job before) {
    await("another probe of " + instance)
        .until(() ->
            probes.of(instance).stream()
                .anyMatch(j -> !j.getMetadata().getUid().equals(before.getMetadata().getUid())));
    await("one probe of " + instance).until(() -> probes.of(instance).size() == 1);
    return probes.of(instance).getFirst();
  }

  private static void awaitReconciling(String instance, String reason) {
    await(reason)
        .untilAsserted(() -> {
          Condition condition = Stage.condition(stage.instance(instance), "Reconciling");
          assertThat(condition)
              .isNotNull()
              .returns("True", Condition::getStatus)
              .returns(reason, Condition::getReason);
        });
  }
}
