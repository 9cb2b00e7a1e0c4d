package dev.wharfinger.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.DrillCondition;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;

/** Drills of the instances of a stage, whose Jobs end as the test says. */
public final class DrillStage {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Stage stage;
  private final BackupStage backups;
  private final Probes jobs;

  /** Takes the Jobs of drills from the stand-ins of {@code stage}. */
  public DrillStage(Stage stage, BackupStage backups) {
    this.stage = stage;
    this.backups = backups;
    this.jobs = new Probes(stage, "drill");
  }

  /** Makes an instance on SQLite with this {@code backup.drill}, and waits until it is Ready. */
  public void instance(String name, String drill) {
    stage.create(
        name,
        "{backend: SQLite, backup: {target: {persistentVolumeClaim: {size: 10Gi}}, drill: %s}}"
            .formatted(drill));
    stage.awaitReady(name);
  }

  /** Has a backup made, whose set is encrypted; its Job. */
  public Job backup(String name, String instance) {
    backups.ask(name, instance);
    Job job = backups.job(name);
    backups.completes(job, Instant.now());
    backups.await(name, BackupPhase.COMPLETED, "Completed");
    stage.awaitRest();
    return job;
  }

  /** Somebody asks for a drill. */
  public void ask(String instance, String word) {
    stage.merge(
        StorageInstance.class,
        instance,
        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(Annotations.DRILL, word));
  }

  /** Somebody makes a Secret with what is taken for a private key. */
  public void secret(String name, String key) {
    stage
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(stage.namespace())
                .endMetadata()
                .withData(Map.of(key, SecretText.encode("AGE-SECRET-KEY")))
                .build())
        .create();
  }

  /** All Jobs of an instance. */
  public List<Job> of(String instance) {
    return jobs.of(instance);
  }

  /** Those that have not ended. */
  public List<Job> running(String instance) {
    return jobs.running(instance);
  }

  /** Waits for one that has not ended. */
  public Job job(String instance) {
    return jobs.job(instance);
  }

  /** The runner says that the set is proven. */
  public void proves(Job job) {
    ends(
        job,
        0,
        "{\"command\":\"drill\",\"outcome\":\"proven\",\"reason\":\"\",\"message\":\"m\","
            + "\"drill\":{\"seconds\":3.6,\"dataAgeSeconds\":5400}}");
  }

  /** The runner says what is wrong with the set. */
  public void refuses(Job job, String reason, String message) {
    ends(
        job,
        2,
        "{\"command\":\"drill\",\"outcome\":\"refused\",\"reason\":\"%s\",\"message\":\"%s\"}"
            .formatted(reason, message));
  }

  /** A pod of the Job ends with these words, and the Job with it. */
  public void ends(Job job, int code, String words) {
    jobs.says(job, code, words);
    if (code == 0) {
      jobs.complete(job);
    } else {
      jobs.fail(job, code == 2 ? "PodFailurePolicy" : "BackoffLimitExceeded");
    }
  }

  /** The condition as it is now. */
  public Condition condition(String instance) {
    return Objects.requireNonNull(
        Stage.condition(stage.instance(instance), DrillCondition.TYPE), DrillCondition.TYPE);
  }

  /** What the status says of backups. */
  public BackupOverview overview(String instance) {
    return Objects.requireNonNull(
        Objects.requireNonNull(stage.instance(instance).getStatus()).backup(), "status.backup");
  }

  /** What it says of the last drill. */
  public BackupOverview.LastDrill last(String instance) {
    return Objects.requireNonNull(overview(instance).lastDrill(), "lastDrill");
  }

  /** Waits for the condition. */
  public Condition await(String instance, String status, String reason) {
    Awaitility.await(instance + " " + status + " " + reason)
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Stage.condition(stage.instance(instance), DrillCondition.TYPE))
                .as("%s", stage.instance(instance).getStatus())
                .isNotNull()
                .returns(status, Condition::getStatus)
                .returns(reason, Condition::getReason));
    return condition(instance);
  }
}
