package dev.wharfinger.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.References;
import dev.wharfinger.operator.migration.Consumer.Holder;
import dev.wharfinger.operator.migration.FoundConsumer.Asker;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which workloads and pods count, and what stops them and brings them back. */
class ConsumersTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final Asker ASKER = new Asker("me", Set.of("me", "other"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{containers: [{name: a, envFrom: [{secretRef: {name: app-binding}}]}]}",
        "{containers: [{name: a, env: [{name: X, valueFrom: {secretKeyRef: {name: app-binding, key: uri}}}]}]}",
        "{containers: [{name: a}], initContainers: [{name: i, envFrom: [{secretRef: {name: app-binding}}]}]}",
        "{containers: [{name: a}], volumes: [{name: v, secret: {secretName: app-binding}}]}",
        "{containers: [{name: a}], volumes: [{name: v, projected: {sources: [{secret: {name: app-binding}}]}}]}",
        "{containers: [{name: a}], volumes: [{name: v, persistentVolumeClaim: {claimName: app-data}}]}"
      })
  void everyWayToReferCounts(String pod) {
    assertThat(References.any(read(pod, PodSpec.class), "app-binding", "app-data")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{containers: [{name: a}]}",
        "{containers: [{name: a, envFrom: [{configMapRef: {name: app-binding}}]}]}",
        "{containers: [{name: a, envFrom: [{secretRef: {name: app2-binding}}]}]}",
        "{containers: [{name: a}], volumes: [{name: v, persistentVolumeClaim: {claimName: data-app-postgresql-0}}]}",
        "{containers: [{name: a}], volumes: [{name: v, projected: {sources: [{configMap: {name: app-binding}}]}}]}"
      })
  void nothingElseDoes(String pod) {
    assertThat(References.any(read(pod, PodSpec.class), "app-binding", "app-data")).isFalse();
  }

  @Test
  void aDeploymentIsStoppedAndRememberedInOnePatch() {
    Consumer consumer = deployment(3, "").consumer();
    assertThat(FencePatch.stop(consumer, "me"))
        .isEqualTo(
            "{\"metadata\":{\"uid\":\"u\",\"resourceVersion\":\"7\",\"annotations\":"
                + "{\"wharfinger.dev/fenced-by\":\"me\",\"wharfinger.dev/replicas\":\"3\"}},"
                + "\"spec\":{\"replicas\":0}}");
  }

  @Test
  void whoeverScalesItUpInTheFenceDoesNotChangeWhatIsRemembered() {
    Consumer consumer =
        deployment(5, "wharfinger.dev/fenced-by: me, wharfinger.dev/replicas: '3'").consumer();
    assertThat(consumer.needsFence()).isTrue();
    assertThat(FencePatch.stop(consumer, "me")).contains("\"wharfinger.dev/replicas\":\"3\"");
  }

  @Test
  void aFenceLeftBehindIsTakenOverWithItsNumber() {
    Consumer consumer =
        deployment(0, "wharfinger.dev/fenced-by: gone, wharfinger.dev/replicas: '3'").consumer();
    assertThat(consumer.holder()).isEqualTo(Holder.LEFT_BEHIND);
    assertThat(consumer.needsFence()).isTrue();
    assertThat(FencePatch.stop(consumer, "me"))
        .contains("\"wharfinger.dev/replicas\":\"3\"", "\"wharfinger.dev/fenced-by\":\"me\"");
  }

  @Test
  void whatAnotherMoveHoldsIsLeftAlone() {
    Consumer consumer = deployment(0, "wharfinger.dev/fenced-by: other").consumer();
    assertThat(consumer.holder()).isEqualTo(Holder.ANOTHER);
    assertThat(consumer.needsFence()).isFalse();
  }

  @Test
  void givenBackInOnePatch() {
    Consumer consumer =
        deployment(0, "wharfinger.dev/fenced-by: me, wharfinger.dev/replicas: '3'").consumer();
    assertThat(FencePatch.giveBack(consumer))
        .contains(
            "\"wharfinger.dev/fenced-by\":null",
            "\"wharfinger.dev/replicas\":null",
            "\"spec\":{\"replicas\":3}");
  }

  @Test
  void aDaemonSetSelectsANodeThatIsNot() {
    DaemonSet daemonSet =
        read(
            "{metadata: {name: d, uid: u, resourceVersion: '7'}, spec: {template: {spec: {containers: []}}}}",
            DaemonSet.class);
    Consumer consumer = FoundConsumer.of(daemonSet, ASKER).consumer();
    assertThat(consumer.stopped()).isFalse();
    assertThat(FencePatch.stop(consumer, "me"))
        .contains("\"nodeSelector\":{\"wharfinger.dev/fenced\":\"me\"}");
    assertThat(FencePatch.giveBack(consumer))
        .contains("\"nodeSelector\":{\"wharfinger.dev/fenced\":null}");
  }

  @Test
  void aCronJobThatWasSuspendedStaysSuspended() {
    CronJob cronJob =
        read(
            "{metadata: {name: c, uid: u, resourceVersion: '7', annotations: {wharfinger.dev/fenced-by: me,"
                + " wharfinger.dev/replicas: 'true'}}, spec: {suspend: true, jobTemplate: {spec: {template: {spec:"
                + " {containers: []}}}}}}",
            CronJob.class);
    Consumer consumer = FoundConsumer.of(cronJob, ASKER).consumer();
    assertThat(consumer.needsFence()).isFalse();
    assertThat(FencePatch.giveBack(consumer)).contains("\"suspend\":true");
  }

  @Test
  void T11_podsInTheWay() {
    Consumer app = deployment(0, "").consumer();
    List<Pod> pods =
        List.of(
            pod("app-1", "ReplicaSet", "app-5d9", "pod-template-hash: 5d9", "", "Running"),
            pod("bare", "", "", "", "app-data", "Running"),
            pod("pending", "", "", "", "app-data", "Pending"),
            pod("ended", "", "", "", "app-data", "Succeeded"),
            pod("stranger", "ReplicaSet", "web-5d9", "pod-template-hash: 5d9", "", "Running"),
            pod(
                "app-2-transfer-x",
                "Job",
                "app-2-transfer",
                "app.kubernetes.io/managed-by: wharfinger, wharfinger.dev/instance-uid: i",
                "app-data",
                "Running"),
            pod(
                "forged",
                "",
                "",
                "app.kubernetes.io/managed-by: wharfinger, wharfinger.dev/instance-uid: i",
                "app-data",
                "Running"));
    assertThat(PodsInTheWay.of(pods, move("SQLite", "PostgreSQL"), new Names("app"), List.of(app)))
        .extracting(ForeignPod::name)
        .containsExactly("app-1", "bare", "pending", "forged");
  }

  @Test
  void T11_backwardWhoReadsTheBindingIsInTheWayToo() {
    Pod reader =
        read(
            "{metadata: {name: shell, creationTimestamp: '2026-01-01T00:00:00Z'}, spec: {volumes: [], containers:"
                + " [{name: c, envFrom: [{secretRef: {name: app-binding}}]}]}, status: {phase: Running}}",
            Pod.class);
    assertThat(
            PodsInTheWay.of(
                List.of(reader), move("PostgreSQL", "SQLite"), new Names("app"), List.of()))
        .extracting(ForeignPod::name, ForeignPod::reachesData)
        .containsExactly(org.assertj.core.api.Assertions.tuple("shell", true));
    assertThat(
            PodsInTheWay.of(
                List.of(reader), move("SQLite", "PostgreSQL"), new Names("app"), List.of()))
        .isEmpty();
  }

  private static StorageMigration move(String from, String to) {
    return read(
        "{metadata: {name: app-2}, spec: {instanceRef: {name: app}, from: %s, to: %s}}"
            .formatted(from, to),
        StorageMigration.class);
  }

  private static Pod pod(
      String name, String ownerKind, String owner, String labels, String claim, String phase) {
    String owners =
        owner.isEmpty()
            ? "[]"
            : "[{kind: %s, name: %s, uid: o, controller: true}]".formatted(ownerKind, owner);
    String volumes =
        claim.isEmpty()
            ? "[]"
            : "[{name: v, persistentVolumeClaim: {claimName: %s}}]".formatted(claim);
    return read(
        "{metadata: {name: %s, creationTimestamp: '2026-01-01T00:00:00Z', labels: {%s}, ownerReferences: %s},"
                .formatted(name, labels, owners)
            + " spec: {containers: [], volumes: %s}, status: {phase: %s}}"
                .formatted(volumes, phase),
        Pod.class);
  }

  private static FoundConsumer deployment(int replicas, String annotations) {
    return FoundConsumer.of(
        read(
            "{metadata: {name: app, uid: u, resourceVersion: '7', annotations: {%s}}, spec: {replicas: %d, template: {spec: {containers: []}}}}"
                .formatted(annotations, replicas),
            Deployment.class),
        ASKER);
  }

  /** The dashes keep the flow style from being taken for JSON. */
  private static <T> T read(String yaml, Class<T> type) {
    return YAML.unmarshal("---\n" + yaml, type);
  }
}
