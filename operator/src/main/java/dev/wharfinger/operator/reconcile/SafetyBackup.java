package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.restore.RestorePlan;
import dev.wharfinger.operator.restore.RestoreScene.Backup;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/** The backup of what is there, which is a StorageBackup like one that a person makes. */
record SafetyBackup(KubernetesClient client, StorageRestore restore) {
  /** There is none. */
  static final Backup NONE = new Backup("", false, false, null, "", null);

  /**
   * Of this very plan, which has the time it was made: one that is older cannot have its name,
   * whatever becomes of the annotations of the restore.
   */
  static String name(StorageRestore restore, RestorePlan plan) {
    return Move.base(restore.getMetadata().getName()) + "-" + Names.hash(plan.token());
  }

  /** How far it is. */
  Backup state(RestorePlan plan, @Nullable StorageInstance instance) {
    String name = name(restore, plan);
    StorageBackup backup =
        client
            .resources(StorageBackup.class)
            .inNamespace(restore.getMetadata().getNamespace())
            .withName(name)
            .get();
    if (backup == null) {
      return new Backup(name, false, false, null, "", null);
    }
    if (!backup.getSpec().instanceRef().name().equals(restore.getSpec().instanceRef().name())) {
      return failed(name, "it is another instance's");
    }
    BackupResult result = BackupResult.of(backup);
    if (result == null) {
      Condition ready =
          backup.getStatus() == null
              ? null
              : Conditions.find(backup.getStatus().conditions(), Conditions.READY);
      String words = ready == null ? "" : ": " + ready.getMessage();
      return new Backup(name, true, false, null, words, null);
    }
    BackupPhase phase = result.facts().phase();
    // Where nobody can read any more what it ended with, nobody knows of a set.
    if (phase != BackupPhase.COMPLETED || result.facts().setId() == null) {
      return failed(
          name, (phase == BackupPhase.SUSPICIOUS ? "Suspicious: " : "") + result.message());
    }
    return instance != null && Labels.isOurs(backup, instance)
        ? new Backup(name, true, true, null, "", result.facts().consistentAt())
        : failed(name, "it is of an instance that had the same name");
  }

  private static Backup failed(String name, String why) {
    return new Backup(name, true, false, why, "", null);
  }
}
