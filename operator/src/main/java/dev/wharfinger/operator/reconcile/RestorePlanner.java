package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.BucketSecrets;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.RestoreSource;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.model.StalledException;
import dev.wharfinger.operator.restore.RestorePlan;
import dev.wharfinger.operator.restore.RestoreScene.Obstacle;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a restore would do, or why it cannot be said.
 *
 * @param plan the plan; null where there is an obstacle
 * @param obstacle why there is none
 */
record RestorePlanner(@Nullable RestorePlan plan, @Nullable Obstacle obstacle) {
  private static final String ANOTHER = "; delete this StorageRestore and make another";

  /** Looks. */
  static RestorePlanner of(
      KubernetesClient client,
      StorageRestore restore,
      @Nullable InstanceModel model,
      ActiveBackend active,
      @Nullable Secret binding,
      @Nullable PersistentVolumeClaim claim,
      Instant now) {
    if (model == null) {
      return waiting(
          "InstanceNotFound",
          "there is no StorageInstance "
              + restore.getSpec().instanceRef().name()
              + " in this namespace, or it is being deleted");
    }
    if (model.sqlite().inMemory()) {
      return stalled("NothingToReplace", "sqlite.inMemory has no file that could be replaced");
    }
    if (active.backend() != Backend.SQLITE) {
      return stalled(
          "OnlySQLite",
          "the data is on PostgreSQL, and this version restores over SQLite alone: make another StorageInstance with"
              + " bootstrap.restoreFrom, and let the application use that");
    }
    if (binding == null || claim == null) {
      return waiting(
          "WaitingForInstance",
          "StorageInstance "
              + model.name()
              + " has no database yet that could be replaced; its conditions say why");
    }
    if (claim.getMetadata().getDeletionTimestamp() != null) {
      return stalled("DataMissing", "claim " + claim.getMetadata().getName() + " is being deleted");
    }
    return set(client, restore, model, claim, now);
  }

  private static RestorePlanner set(
      KubernetesClient client,
      StorageRestore restore,
      InstanceModel model,
      PersistentVolumeClaim claim,
      Instant now) {
    String name = restore.getSpec().from().backupName();
    StorageBackup backup = get(client, restore, StorageBackup.class, name);
    if (backup == null) {
      return waiting("RestoreSourceMissing", "StorageBackup " + name + " is not there");
    }
    BackupResult ended = BackupResult.of(backup);
    if (ended == null) {
      return waiting("RestoreSourceMissing", "StorageBackup " + name + " has not ended yet");
    }
    if (!Labels.isOurs(backup, model.instance())) {
      return stalled(
          "RestoreRefused",
          "StorageBackup "
              + name
              + " is of another StorageInstance than this "
              + model.name()
              + ": make an instance from it with bootstrap.restoreFrom");
    }
    StorageBackupStatus facts = ended.facts();
    if (facts.phase() == BackupPhase.SUSPICIOUS) {
      return stalled(
          "RestoreRefused",
          "StorageBackup "
              + name
              + " is Suspicious: it has much less than the one before"
              + ANOTHER
              + " from another set");
    }
    if (facts.phase() != BackupPhase.COMPLETED
        || facts.target() == null
        || facts.setId() == null
        || facts.consistentAt() == null) {
      return stalled("RestoreRefused", "StorageBackup " + name + " tells of no set" + ANOTHER);
    }
    if (!Backend.SQLITE.value().equals(facts.backend())) {
      return stalled(
          "RestoreRefused",
          "StorageBackup %s is of %s, and a set is restored on the backend it is of%s"
              .formatted(name, facts.backend(), ANOTHER));
    }
    return planned(client, restore, model, claim, backup, facts, now);
  }

  private static RestorePlanner planned(
      KubernetesClient client,
      StorageRestore restore,
      InstanceModel model,
      PersistentVolumeClaim claim,
      StorageBackup backup,
      StorageBackupStatus facts,
      Instant now) {
    StorageBackupStatus.Target target = facts.target();
    BackupDecision decision = BackupDecision.of(backup);
    S3TargetSpec s3 = decision == null ? null : decision.target().s3();
    if (target == null || target.claim() == null && s3 == null) {
      return stalled(
          "RestoreRefused",
          "StorageBackup "
              + backup.getMetadata().getName()
              + " does not say any more how its bucket is reached"
              + ANOTHER);
    }
    String set = facts.setId();
    String instant = facts.consistentAt();
    if (set == null || instant == null) {
      throw new IllegalStateException("looked at before");
    }
    RestoreSource source =
        RestoreSource.recorded(
            model.instance().getMetadata().getUid(),
            target.claim(),
            target.claim() == null ? s3 : null,
            target.prefix(),
            set,
            restore.getSpec().from().identitySecretRef());
    if (facts.recipients() != null && !facts.recipients().isEmpty() && source.identity() == null) {
      return stalled(
          "RestoreRefused",
          "set "
              + set
              + " is encrypted: name the Secret with the private key in from.identitySecretRef"
              + ANOTHER);
    }
    Obstacle unreachable = unreachable(client, restore, source);
    return unreachable != null
        ? new RestorePlanner(null, unreachable)
        : new RestorePlanner(
            new RestorePlan(
                restore.getMetadata().getUid(),
                source,
                claim.getMetadata().getName(),
                claim.getMetadata().getUid(),
                model.sqlite().databases(),
                model.sqlite().made(),
                instant,
                facts.totals() == null ? 0 : facts.totals().rows(),
                facts.totals() == null ? 0 : facts.totals().bytes(),
                now.toString()),
            null);
  }

  private static @Nullable Obstacle unreachable(
      KubernetesClient client, StorageRestore restore, RestoreSource source) {
    String identity = source.identity();
    if (identity != null
        && SecretText.of(
                get(client, restore, Secret.class, identity),
                Objects.requireNonNullElse(source.identityKey(), ""))
            == null) {
      return new Obstacle(
          "RestoreSourceMissing",
          "Secret "
              + identity
              + ", which from.identitySecretRef names, is not there, or lacks the key "
              + source.identityKey(),
          true);
    }
    if (source.s3() != null) {
      try {
        BucketSecrets.require(
            source.s3(), "the bucket's", name -> get(client, restore, Secret.class, name));
        return null;
      } catch (StalledException e) {
        return new Obstacle("RestoreSourceMissing", e.explanation(), true);
      }
    }
    String claim = source.claim() == null ? "" : source.claim();
    return get(client, restore, PersistentVolumeClaim.class, claim) == null
        ? new Obstacle(
            "RestoreSourceMissing",
            "claim " + claim + ", which has the set, is not there; bring it back",
            true)
        : null;
  }

  private static <T extends HasMetadata> @Nullable T get(
      KubernetesClient client, StorageRestore restore, Class<T> type, String name) {
    return client
        .resources(type)
        .inNamespace(restore.getMetadata().getNamespace())
        .withName(name)
        .get();
  }

  private static RestorePlanner waiting(String reason, String message) {
    return new RestorePlanner(null, new Obstacle(reason, message, true));
  }

  static RestorePlanner stalled(String reason, String message) {
    return new RestorePlanner(null, new Obstacle(reason, message, false));
  }
}
