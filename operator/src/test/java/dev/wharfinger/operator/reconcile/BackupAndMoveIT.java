package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.BackupStage.argument;
import static dev.wharfinger.testing.BackupStage.message;
import static dev.wharfinger.testing.MoveStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.status.Conditions;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.MoveStage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One thing is done to the data at a time. */
class BackupAndMoveIT {

  private static BackupStage backups(MoveStage move) {
    move.stage()
        .merge(
            StorageInstance.class,
            "app",
            "{\"spec\":{\"backup\":{\"target\":{\"persistentVolumeClaim\":{\"size\":\"1Gi\"}}}}}");
    return new BackupStage(move.stage());
  }

  @Test
  void aBackupWaitsForAMoveAndIsThenOfTheBackendThatHoldsTheData() {
    try (MoveStage move = new MoveStage()) {
      BackupStage backups = backups(move);
      move.ask("PostgreSQL");
      move.job("preflight");
      backups.ask("meanwhile", "app");
      assertThat(message(backups.await("meanwhile", BackupPhase.PENDING, "WaitingForMove")))
          .contains(move.migration().getMetadata().getName());
      assertThat(backups.jobNow("meanwhile")).isNull();
      backups.crash("meanwhile");
      backups.await("meanwhile", BackupPhase.PENDING, "WaitingForMove");

      move.there();

      assertThat(argument(backups.job("meanwhile"), "--prefix")).endsWith("/postgresql-2");
    }
  }

  @Test
  void OXY_42_filesThatStayOnTheVolumeAreInTheSetsOfTheServerToo() {
    try (MoveStage move = new MoveStage()) {
      BackupStage backups = backups(move);
      move.stage()
          .merge(
              StorageInstance.class,
              "app",
              "{\"spec\":{\"backup\":{\"extraPaths\":[\"field.key\"]}}}");
      backups.ask("before", "app");
      Job files = backups.job("before");
      assertThat(argument(files, "--extra-path")).isEqualTo("field.key");
      backups.completes(files, false);
      backups.await("before", BackupPhase.COMPLETED, "Completed");
      move.there();

      backups.ask("after", "app");
      Job job = backups.job("after");
      assertThat(argument(job, "--from")).startsWith("postgresql://");
      assertThat(argument(job, "--directory")).isEqualTo("/data");
      assertThat(argument(job, "--extra-path")).isEqualTo("field.key");
      var pod = job.getSpec().getTemplate().getSpec();
      assertThat(pod.getVolumes())
          .filteredOn(v -> v.getPersistentVolumeClaim() != null)
          .extracting(v -> v.getPersistentVolumeClaim().getClaimName())
          .containsExactlyInAnyOrder("app-data", "app-backups");
      assertThat(pod.getContainers().getFirst().getVolumeMounts())
          .filteredOn(m -> m.getMountPath().equals("/data"))
          .singleElement()
          .returns(true, m -> m.getReadOnly());
      assertThat(pod.getSecurityContext().getRunAsUser())
          .isEqualTo(files.getSpec().getTemplate().getSpec().getSecurityContext().getRunAsUser());
    }
  }

  @Test
  void T04_aBackupWhoseDataHasMovedSinceItsFirstJobSaysWhereThatWrote() {
    try (MoveStage move = new MoveStage()) {
      BackupStage backups = backups(move);
      backups.ask("overtaken", "app");
      Job job = backups.job("overtaken");
      backups.lingers(job);
      backups.deleteAlone(job);
      StorageBackup waiting = backups.await("overtaken", BackupPhase.RUNNING, "BackingUp");
      assertThat(message(waiting)).contains("deleted Job");

      move.there();
      backups.wipe("overtaken");
      backups.deletePods(job);

      StorageBackup lost = backups.await("overtaken", BackupPhase.FAILED, "AgentLost");
      assertThat(message(lost))
          .contains("PostgreSQL", "app-backups", argument(job, "--prefix"), argument(job, "--id"));
      assertThat(BackupStage.status(lost).target())
          .isEqualTo(StorageBackupStatus.Target.onClaim("app-backups", argument(job, "--prefix")));
      assertThat(backups.jobNow("overtaken")).isNull();
    }
  }

  @Test
  void aMoveStopsNobodyWhileABackupIsMade() {
    try (MoveStage move = new MoveStage()) {
      BackupStage backups = backups(move);
      backups.ask("before", "app");
      Job job = backups.job("before");
      move.ask("PostgreSQL");
      move.job("preflight");
      move.complete("preflight");
      eventually(() -> {
        Condition ready =
            Conditions.find(
                Objects.requireNonNull(move.migration().getStatus()).conditions(), "Ready");
        assertThat(ready).isNotNull().returns("WaitingForBackup", Condition::getReason);
        assertThat(ready.getMessage()).contains(job.getMetadata().getName());
      });
      move.awaitPhase(MigrationPhase.PREFLIGHT);
      assertThat(Annotations.get(move.migration(), Annotations.FENCED_AT)).isNull();
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);

      backups.completes(job, false);
      backups.await("before", BackupPhase.COMPLETED, "Completed");
      // The pod that has said so has ended, and is in nobody's way.
      move.awaitReplicas(0);
      move.gone("app-5d9-1");
      move.job("transfer");
    }
  }
}
