package dev.wharfinger.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.Move;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import org.awaitility.core.ThrowingRunnable;

/**
 * An instance with an application, of whose Jobs and pods the test plays kubelet and controllers.
 */
public final class MoveStage implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NAME = "app";

  private final Stage stage = Stage.open("move");

  /** An instance on SQLite, and an application of two replicas with one pod. */
  public MoveStage() {
    this("{}");
  }

  /** The same, of an instance with this spec. */
  public MoveStage(String spec) {
    stage.create(NAME, spec);
    stage.awaitReady(NAME);
    stage
        .client()
        .resource(
            Yaml.read(
                Deployment.class,
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: app, namespace: %s}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: app}}
                  template:
                    metadata: {labels: {app: app}}
                    spec:
                      containers: [{name: app, image: example, envFrom: [{secretRef: {name: app-binding}}]}]
                """
                    .formatted(stage.namespace())))
        .create();
    pod("app-5d9-1", "ReplicaSet", "app-5d9", "4711", Map.of("pod-template-hash", "5d9"));
  }

  public Stage stage() {
    return stage;
  }

  /** Asks for another backend. */
  public void ask(String backend) {
    stage.merge(StorageInstance.class, NAME, "{\"spec\":{\"backend\":\"" + backend + "\"}}");
  }

  /** Asks for another backend, and says what going back means. */
  public void ask(String backend, String back) {
    stage.merge(
        StorageInstance.class,
        NAME,
        "{\"spec\":{\"backend\":\"%s\",\"migration\":{\"back\":\"%s\"}}}".formatted(backend, back));
  }

  /** The usual way to PostgreSQL. */
  public void there() {
    ask("PostgreSQL");
    job("preflight");
    complete("preflight");
    gone("app-5d9-1");
    job("transfer");
    transferRuns();
    transferReady();
    eventually(() -> assertThat(binding("backend")).isEqualTo("PostgreSQL"));
    awaitReplicas(2);
    transferGone();
    awaitPhase(MigrationPhase.DONE);
    stage.awaitReady(NAME);
  }

  /** Waits until the youngest move is one to {@code backend}, and not the one of before. */
  public void begins(Backend backend) {
    await("a move to " + backend)
        .atMost(PATIENCE)
        .until(() -> migration().getSpec().to() == backend);
  }

  /** The youngest move, once there is one. */
  public StorageMigration migration() {
    return await("a migration")
        .atMost(PATIENCE)
        .until(
            () ->
                stage
                    .client()
                    .resources(StorageMigration.class)
                    .inNamespace(stage.namespace())
                    .list()
                    .getItems()
                    .stream()
                    .max(Comparator.comparingInt(m -> generation(m.getMetadata().getName()))),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  private static int generation(String name) {
    String last = name.substring(name.lastIndexOf('-') + 1);
    return last.matches("[0-9]+") ? Integer.parseInt(last) : 0;
  }

  /** A person makes a migration. */
  public void create(String name, boolean dryRun) {
    stage
        .client()
        .resource(
            Yaml.read(
                StorageMigration.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageMigration
                metadata: {name: %s, namespace: %s}
                spec: {instanceRef: {name: app}, from: SQLite, to: PostgreSQL, dryRun: %s}
                """
                    .formatted(name, stage.namespace(), dryRun)))
        .create();
  }

  /** Deletes a migration and waits until it is gone. */
  public void delete(String name) {
    stage.client().resource(stage.get(StorageMigration.class, name)).delete();
    eventually(() -> assertThat(stage.find(StorageMigration.class, name)).isNull());
  }

  /** Waits for a Job of the move. */
  public Job job(String role) {
    return stage.awaitObject(Job.class, migration().getMetadata().getName() + "-" + role);
  }

  /** Ends a Job well. */
  public void complete(String role) {
    end(role, "SuccessCriteriaMet", "Complete", "");
  }

  /** Ends a Job badly; {@code PodFailurePolicy} is the reason of a final exit code. */
  public void fail(String role, String reason) {
    end(role, "FailureTarget", "Failed", reason);
  }

  private void end(String role, String before, String condition, String reason) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    stage
        .client()
        .resource(job(role))
        .editStatus(j ->
            new JobBuilder(j)
                .editOrNewStatus()
                .withStartTime(now)
                .withCompletionTime(condition.equals("Complete") ? now : null)
                .withNewUncountedTerminatedPods()
                .endUncountedTerminatedPods()
                .addNewCondition()
                .withType(before)
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(now)
                .endCondition()
                .addNewCondition()
                .withType(condition)
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(now)
                .endCondition()
                .endStatus()
                .build());
  }

  /** A pod of the transfer Job that has not committed yet. */
  public void transferRuns() {
    Job job = job("transfer");
    pod(
        job.getMetadata().getName() + "-x",
        "Job",
        job.getMetadata().getName(),
        job.getMetadata().getUid(),
        job.getSpec().getTemplate().getMetadata().getLabels());
  }

  /** The runner of the transfer's pod starts. */
  public void runnerStarts() {
    String name = job("transfer").getMetadata().getName() + "-x";
    stage
        .client()
        .pods()
        .inNamespace(stage.namespace())
        .withName(name)
        .editStatus(p ->
            new PodBuilder(p)
                .editOrNewStatus()
                .withPhase("Running")
                .addNewContainerStatus()
                .withName("runner")
                .withImage("example")
                .withImageID("example")
                .withReady(false)
                .withRestartCount(0)
                .withNewState()
                .withNewRunning(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());
  }

  /** Time passes: the transfer was about to be started long ago. */
  public void transferStartedLongAgo() {
    stage.merge(
        StorageMigration.class,
        migration().getMetadata().getName(),
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/transfer-started\":\"%s\"}}}"
            .formatted(Instant.now().minusSeconds(601)));
  }

  /** What the runner said, kept already: there is no kubelet that has its log. */
  public void report(String json) {
    String name = Move.reportName(migration().getMetadata().getName());
    stage
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(stage.namespace())
                .endMetadata()
                .addToData("report.json", json)
                .build())
        .create();
  }

  /** The transfer's pod becomes Ready: committed, and the source is locked. */
  public void transferReady() {
    String name = job("transfer").getMetadata().getName() + "-x";
    stage
        .client()
        .pods()
        .inNamespace(stage.namespace())
        .withName(name)
        .editStatus(p ->
            new PodBuilder(p)
                .editOrNewStatus()
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build());
  }

  /** A pod is gone at last. */
  public void gone(String pod) {
    stage.client().pods().inNamespace(stage.namespace()).withName(pod).withGracePeriod(0).delete();
  }

  /** The transfer's pod is gone, as after its Job. */
  public void transferGone() {
    gone(migration().getMetadata().getName() + "-transfer-x");
  }

  private void pod(String name, String kind, String owner, String uid, Map<String, String> labels) {
    Pod pod =
        Yaml.read(
            Pod.class,
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: %s
              namespace: %s
              ownerReferences: [{apiVersion: v1, kind: %s, name: %s, uid: %s, controller: true}]
            spec:
              securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
              containers:
              - name: runner
                image: example
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """
                .formatted(name, stage.namespace(), kind, owner, uid));
    pod.getMetadata().setLabels(labels);
    stage.client().resource(pod).create();
  }

  /** The application as it is now. */
  public Deployment app() {
    return stage.get(Deployment.class, "app");
  }

  /** Somebody scales the application. */
  public void scale(int replicas) {
    stage.merge(Deployment.class, "app", "{\"spec\":{\"replicas\":" + replicas + "}}");
  }

  public void awaitReplicas(int replicas) {
    eventually(() -> assertThat(app().getSpec().getReplicas()).isEqualTo(replicas));
  }

  public void awaitPhase(MigrationPhase phase) {
    eventually(() -> {
      StorageMigration migration = migration();
      assertThat(migration.getStatus()).as("%s", migration.getMetadata()).isNotNull();
      assertThat(migration.getStatus().phase())
          .as("%s %s", migration.getStatus(), migration.getMetadata().getAnnotations())
          .isEqualTo(phase);
    });
  }

  /** The binding's annotation. */
  public String binding(String annotation) {
    Secret binding = stage.get(Secret.class, "app-binding");
    return Objects.requireNonNullElse(
        binding.getMetadata().getAnnotations().get("wharfinger.dev/" + annotation), "");
  }

  /** The operator dies, and every status is lost. */
  public void crash() {
    stage.stop();
    stage
        .client()
        .resources(StorageMigration.class)
        .inNamespace(stage.namespace())
        .withName(migration().getMetadata().getName())
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
    stage.restart();
  }

  public static void eventually(ThrowingRunnable assertion) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion);
  }

  @Override
  public void close() {
    stage.close();
  }
}
