package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.testing.Stage;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A transfer without a pod says what the API server said of it. */
class MissingPodIT {
  @Test
  void T20_theRefusalOfATransfersPodIsPassedOn() {
    try (Stage stage = Stage.open("missing-pod")) {
      Job job = suspended(stage);
      Instant made = Instant.parse(job.getMetadata().getCreationTimestamp());
      assertThat(obstacle(stage, job, made)).as("its pod may still come").isNull();
      Instant later = made.plus(Duration.ofMinutes(1));
      assertThat(obstacle(stage, job, later)).contains("kubectl describe job move-transfer");

      stage
          .client()
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withName("move-transfer.1")
                  .withNamespace(stage.namespace())
                  .endMetadata()
                  .withNewInvolvedObject()
                  .withKind("Job")
                  .withName("move-transfer")
                  .withNamespace(stage.namespace())
                  .withUid(job.getMetadata().getUid())
                  .endInvolvedObject()
                  .withReason("FailedCreate")
                  .withMessage(
                      "Error creating: pods \"move-transfer-x\" is forbidden: exceeded quota: small")
                  .withLastTimestamp("2026-01-01T12:00:00Z")
                  .build())
          .create();
      assertThat(obstacle(stage, job, later))
          .isEqualTo(
              "the API server refuses the pod of Job move-transfer: forbidden: exceeded quota: small");
    }
  }

  private static @Nullable String obstacle(Stage stage, Job job, Instant now) {
    StorageMigration migration = new StorageMigration();
    migration.getMetadata().setName("move");
    return new MigrationJobs(Map.of(JobRole.TRANSFER, job))
        .observed(stage.client(), migration, List.of(), null, now)
        .obstacle();
  }

  private static Job suspended(Stage stage) {
    return stage
        .client()
        .resource(
            Yaml.read(
                Job.class,
                """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: move-transfer
                  namespace: %s
                  labels: {app.kubernetes.io/component: migration}
                spec:
                  suspend: true
                  template:
                    spec: {restartPolicy: Never, containers: [{name: runner, image: example}]}
                """
                    .formatted(stage.namespace())))
        .create();
  }
}
