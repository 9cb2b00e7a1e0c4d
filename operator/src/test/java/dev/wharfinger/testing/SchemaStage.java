package dev.wharfinger.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Instances with migrations of their schemas, whose Jobs end as the test says. */
public final class SchemaStage implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Stage stage;
  private final Probes probes;

  private SchemaStage(Stage stage) {
    this.stage = stage;
    this.probes = new Probes(stage, "schema");
  }

  public static SchemaStage open() {
    return open("schema");
  }

  /** One in a namespace whose name begins so. */
  public static SchemaStage open(String prefix) {
    return new SchemaStage(Stage.open(prefix));
  }

  /** The same with another clock for the operator. */
  public static SchemaStage open(String prefix, Clock clock) {
    return new SchemaStage(Stage.open(prefix, clock));
  }

  public Stage stage() {
    return stage;
  }

  /** Makes or replaces the ConfigMap {@code <instance>-sql} with one migration. */
  public void files(String instance, String sql) {
    ConfigMap files =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(instance + "-sql")
            .withNamespace(stage.namespace())
            .endMetadata()
            .addToData("V1__a.sql", sql)
            .build();
    if (stage.find(ConfigMap.class, instance + "-sql") == null) {
      stage.client().resource(files).create();
    } else {
      stage.client().resource(files).update();
    }
  }

  /** Makes an instance; {@code options} are those of {@code schemaMigrations}, in flow style. */
  public void create(String name, String spec, String options) {
    stage.create(
        name,
        "{%s, schemaMigrations: {flyway: {configMapRef: {name: %s-sql}}%s}}"
            .formatted(spec, name, options.isEmpty() ? "" : ", " + options));
  }

  /** Makes one on SQLite whose schema is of version 1, and gives the Job that made it so. */
  public Job standing(String name, String options) {
    files(name, "CREATE TABLE a (id int);");
    create(name, "backend: SQLite", options);
    Job job = job(name);
    succeeds(job, "1", null);
    stage.awaitReady(name);
    return job;
  }

  /** Makes an instance whose schema is migrated by a command of its application. */
  public void command(String name, String spec, String options) {
    stage.create(
        name,
        "{%s, schemaMigrations: {command: {command: [alembic, upgrade, head]}%s}}"
            .formatted(spec, options.isEmpty() ? "" : ", " + options));
  }

  /** Makes the application of an instance, or gives it another image. */
  public void application(String instance, String image) {
    Deployment application =
        Yaml.read(
            Deployment.class,
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s-app, namespace: %2$s}
            spec:
              replicas: 0
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s}}
                spec:
                  securityContext: {runAsUser: 1000, fsGroup: 1000}
                  containers:
                    - name: app
                      image: %3$s
                      envFrom: [{secretRef: {name: %1$s-binding}}]
                      volumeMounts: [{name: files, mountPath: /srv}]
                  volumes: [{name: files, persistentVolumeClaim: {claimName: %1$s-data}}]
            """
                .formatted(instance, stage.namespace(), image));
    if (stage.find(Deployment.class, instance + "-app") == null) {
      stage.client().resource(application).create();
    } else {
      stage.client().resource(application).update();
    }
  }

  /** A pod of the application gets a node. */
  public void applicationRuns(String instance) {
    stage
        .client()
        .resource(
            Yaml.read(
                Pod.class,
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s-app, namespace: %2$s}
                spec:
                  nodeName: somewhere
                  automountServiceAccountToken: false
                  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: app
                      image: example
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                      volumeMounts: [{name: files, mountPath: /srv}]
                  volumes: [{name: files, persistentVolumeClaim: {claimName: %1$s-data}}]
                """
                    .formatted(instance, stage.namespace())))
        .create();
  }

  /** A container of the Job that comes before the runner ends with these words. */
  public void first(Job job, String container, @Nullable Integer exitCode, String words) {
    probes.first(job, container, exitCode, words);
  }

  public List<Job> jobs(String instance) {
    return probes.of(instance);
  }

  /** Waits for the one Job of an instance. */
  public Job job(String instance) {
    await("a Job of " + instance).atMost(PATIENCE).until(() -> jobs(instance).size() == 1);
    return jobs(instance).getFirst();
  }

  /** Waits for the Job that comes in the place of another. */
  public Job another(String instance, Job before) {
    await("another Job of " + instance)
        .atMost(PATIENCE)
        .until(() -> {
          List<Job> now = jobs(instance);
          return now.size() == 1
              && !now.getFirst().getMetadata().getUid().equals(before.getMetadata().getUid());
        });
    return jobs(instance).getFirst();
  }

  public static List<String> arguments(Job job) {
    return job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs();
  }

  /** The Job ends well. */
  public void succeeds(Job job, String revision, @Nullable String copy) {
    says(job, 0, result("migrated", "done", revision, copy));
    ends(job, true);
  }

  /** The Job ends badly, for good. */
  public void fails(Job job, String message, @Nullable String copy) {
    says(job, 2, result("migration-failed", message, "1", copy));
    ends(job, false);
  }

  private static String result(
      String code, String message, String revision, @Nullable String copy) {
    return "{\"code\":\"%s\",\"message\":\"%s\",\"tool\":\"Flyway\",\"revision\":\"%s\"%s}"
        .formatted(code, message, revision, copy == null ? "" : ",\"copy\":\"" + copy + "\"");
  }

  /** A pod of the Job ends with these words. */
  public void says(Job job, int exitCode, String words) {
    probes.says(job, exitCode, words);
  }

  /** A pod of the Job is made, and has no node. */
  public void waits(Job job) {
    probes.waits(job);
  }

  /** A pod of the Job has begun. */
  public void runs(Job job) {
    probes.waits(job);
    probes.begins(job);
  }

  /** That pod is gone. */
  public void goes(Job job) {
    probes.goes(job);
  }

  /** The Job ends. */
  public void ends(Job job, boolean well) {
    if (well) {
      probes.complete(job);
    } else {
      probes.fail(job, "PodFailurePolicy");
    }
  }

  /** Writes an annotation of ours on an instance. */
  public void annotate(String instance, String annotation, String text) {
    stage.merge(
        StorageInstance.class,
        instance,
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/%s\":\"%s\"}}}"
            .formatted(annotation, text));
  }

  /** Status of the condition Ready. */
  public @Nullable String ready(String instance) {
    Condition ready = Stage.condition(stage.instance(instance), "Ready");
    return ready == null ? null : ready.getStatus();
  }

  /** Message of a condition. */
  public @Nullable String message(String instance, String type) {
    Condition condition = Stage.condition(stage.instance(instance), type);
    return condition == null ? null : condition.getMessage();
  }

  public @Nullable String revision(String instance) {
    return Objects.requireNonNull(stage.instance(instance).getStatus()).schemaRevision();
  }

  /** The condition SchemaMigrated, or null. */
  public static @Nullable Condition condition(StorageInstance instance) {
    return Stage.condition(instance, "SchemaMigrated");
  }

  public void awaitCondition(String instance, String status, String reason) {
    await(reason)
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(condition(stage.instance(instance)))
                .isNotNull()
                .returns(status, Condition::getStatus)
                .returns(reason, Condition::getReason));
  }

  /** How many moves of an instance there are. */
  public long moves(String instance) {
    return stage
        .client()
        .resources(StorageMigration.class)
        .inNamespace(stage.namespace())
        .list()
        .getItems()
        .stream()
        .filter(m -> m.getSpec().instanceRef().name().equals(instance))
        .count();
  }

  @Override
  public void close() {
    stage.close();
  }
}
