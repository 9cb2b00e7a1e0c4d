package dev.wharfinger.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.job.SetAddress;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Backups of the instances of a stage, whose Jobs end as the test says. */
public final class BackupStage {
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final Stage stage;
  private final Probes jobs;

  /** Takes the Jobs of backups from the stand-ins of {@code stage}. */
  public BackupStage(Stage stage) {
    this.stage = stage;
    this.jobs = new Probes(stage, "backup");
  }

  /** Makes an instance whose sets go to a claim of the operator's, and waits until it is Ready. */
  public void instance(String name, String spec) {
    stage.create(
        name, "{%s, backup: {target: {persistentVolumeClaim: {size: 10Gi}}}}".formatted(spec));
    stage.awaitReady(name);
  }

  /** Asks for a backup. */
  public StorageBackup ask(String name, String instance) {
    return stage
        .client()
        .resource(
            Yaml.read(
                StorageBackup.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageBackup
                metadata: {name: %s, namespace: %s}
                spec: {instanceRef: {name: %s}}
                """
                    .formatted(name, stage.namespace(), instance)))
        .create();
  }

  /** The same as somebody applies it under another name, with all that was written into it. */
  public void copy(StorageBackup backup, String name) {
    StorageBackup copy = new StorageBackup();
    copy.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(backup.getMetadata().getNamespace())
            .withLabels(backup.getMetadata().getLabels())
            .withAnnotations(backup.getMetadata().getAnnotations())
            .build());
    copy.setSpec(backup.getSpec());
    stage.client().resource(copy).create();
  }

  /** A backup as it is now. */
  public StorageBackup get(String name) {
    return stage.get(StorageBackup.class, name);
  }

  /** Waits for the Job of a backup. */
  public Job job(String name) {
    return stage.awaitObject(Job.class, SetAddress.jobName(get(name)));
  }

  /** The Job of a backup, or null. */
  public @Nullable Job jobNow(String name) {
    return stage.find(Job.class, SetAddress.jobName(get(name)));
  }

  /** Waits for the Job that comes in the place of another. */
  public Job another(String name, Job before) {
    Awaitility.await("another Job of " + name)
        .atMost(PATIENCE)
        .until(() -> {
          Job now = jobNow(name);
          return now != null && !now.getMetadata().getUid().equals(before.getMetadata().getUid());
        });
    return job(name);
  }

  /** Somebody deletes a Job, and its pods with it. */
  public void delete(Job job) {
    deletePods(job);
    stage.client().resource(job).delete();
  }

  /** Somebody deletes a Job, and its pods stay. */
  public void deleteAlone(Job job) {
    stage.client().resource(job).delete();
    Awaitility.await("gone")
        .atMost(PATIENCE)
        .until(() -> stage.find(Job.class, job.getMetadata().getName()) == null);
  }

  /**
   * A pod of the Job that does not end. It mounts nothing, and nobody who looks for our labels
   * finds it.
   */
  public Pod lingers(Job job) {
    return stage
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(job.getMetadata().getName() + "-l")
                .withNamespace(stage.namespace())
                .addToLabels("job-name", job.getMetadata().getName())
                .addNewOwnerReference()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withSpec(job.getSpec().getTemplate().getSpec())
                .editSpec()
                .withVolumes(List.of())
                .editFirstContainer()
                .withVolumeMounts(List.of())
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  /** The pods of a Job are deleted. */
  public void deletePods(Job job) {
    stage
        .client()
        .pods()
        .inNamespace(stage.namespace())
        .withLabel("job-name", job.getMetadata().getName())
        .withGracePeriod(0)
        .delete();
  }

  /** A pod of the Job is made, and no node takes it. */
  public void findsNoNode(Job job, String why) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(job.getMetadata().getName() + "-n")
            .withNamespace(stage.namespace())
            .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
            .addToLabels("job-name", job.getMetadata().getName())
            .addNewOwnerReference()
            .withApiVersion("batch/v1")
            .withKind("Job")
            .withName(job.getMetadata().getName())
            .withUid(job.getMetadata().getUid())
            .withController(true)
            .endOwnerReference()
            .endMetadata()
            .withSpec(job.getSpec().getTemplate().getSpec())
            .build();
    stage.client().resource(pod).create();
    stage
        .client()
        .resource(pod)
        .editStatus(p ->
            new PodBuilder(p)
                .editOrNewStatus()
                .withPhase("Pending")
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage(why)
                .endCondition()
                .endStatus()
                .build());
  }

  /** The argument after {@code option}. */
  public static String argument(Job job, String option) {
    List<String> args = arguments(job);
    return args.get(args.indexOf(option) + 1);
  }

  public static List<String> arguments(Job job) {
    return job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs();
  }

  /** The runner says that the set is there. */
  public void completes(Job job, boolean suspicious) {
    completes(job, "completed", suspicious);
  }

  /** The same, and the set has the data of this instant. */
  public void completes(Job job, Instant consistentAt) {
    completes(job, "completed", consistentAt.toString(), false);
  }

  /** The same, and it has much less than the one before. */
  public void completesSuspiciously(Job job, Instant consistentAt) {
    completes(job, "completed", consistentAt.toString(), true);
  }

  /** The same with another outcome. */
  public void completes(Job job, String outcome, boolean suspicious) {
    completes(job, outcome, "2026-11-22T02:00:00.123Z", suspicious);
  }

  private void completes(Job job, String outcome, String consistentAt, boolean suspicious) {
    jobs.says(
        job,
        0,
        """
        {"command":"backup","outcome":"%s","reason":"","message":"m","set":{"id":"%s",\
        "consistentAt":"%s","totals":{"databases":1,"tables":2,"rows":30,"files":1,"bytes":4000,\
        "storedBytes":500},"recipients":["age1key"],"suspicious":%s},"warnings":[%s]}\
        """
            .formatted(
                outcome,
                argument(job, "--id"),
                consistentAt,
                suspicious,
                suspicious ? "{\"code\":\"suspicious\",\"detail\":\"3 rows\"}" : ""));
    jobs.complete(job);
  }

  /** The runner refuses or fails. */
  public void fails(Job job, String outcome, String reason, String message) {
    boolean refused = outcome.equals("refused");
    jobs.says(
        job,
        refused ? 2 : 1,
        "{\"command\":\"backup\",\"outcome\":\"%s\",\"reason\":\"%s\",\"message\":\"%s\",\"warnings\":[]}"
            .formatted(outcome, reason, message));
    jobs.fail(job, refused ? "PodFailurePolicy" : "BackoffLimitExceeded");
  }

  /** A pod of the Job ends with these words. */
  public void says(Job job, int code, String words) {
    jobs.says(job, code, words);
  }

  /** The Job ends badly, and nobody has said anything. */
  public void fails(Job job, String reason) {
    jobs.fail(job, reason);
  }

  /** The Job ends well, and nobody has said anything. */
  public void completesSilently(Job job) {
    jobs.complete(job);
  }

  /** Waits for phase and reason. */
  public StorageBackup await(String name, BackupPhase phase, String reason) {
    Awaitility.await(name + " " + phase + " " + reason)
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          StorageBackup now = get(name);
          assertThat(now.getStatus()).as("%s", now.getMetadata()).isNotNull();
          assertThat(now.getStatus().phase()).as("%s", now.getStatus()).isEqualTo(phase);
          assertThat(condition(now, "Ready"))
              .as("%s", now.getStatus())
              .isNotNull()
              .returns(reason, Condition::getReason);
        });
    return get(name);
  }

  public static StorageBackupStatus status(StorageBackup backup) {
    return Objects.requireNonNull(backup.getStatus());
  }

  public static Condition condition(StorageBackup backup, String type) {
    return Objects.requireNonNull(Conditions.find(status(backup).conditions(), type));
  }

  public static String message(StorageBackup backup) {
    return condition(backup, "Ready").getMessage();
  }

  /** The operator dies, and the status is lost. */
  public void crash(String name) {
    stage.stop();
    wipe(name);
    stage.restart();
  }

  /** Somebody wipes the status. */
  public void wipe(String name) {
    stage
        .client()
        .resources(StorageBackup.class)
        .inNamespace(stage.namespace())
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
  }

  /** Events that speak of a backup, with this reason. */
  public long events(String name, String reason) {
    return stage
        .client()
        .v1()
        .events()
        .inNamespace(stage.namespace())
        .withField("involvedObject.name", name)
        .withField("reason", reason)
        .list()
        .getItems()
        .size();
  }
}
