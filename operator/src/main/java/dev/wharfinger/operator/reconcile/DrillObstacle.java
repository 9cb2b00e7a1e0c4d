package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.job.DrillJob;
import dev.wharfinger.operator.job.DrillSource;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.BucketSecrets;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a drill that is due from beginning, read live. It is the least urgent of all that is
 * done to an instance's data, and nothing waits for it.
 */
final class DrillObstacle {
  private final KubernetesClient client;
  private final StorageInstance instance;
  private final String namespace;

  DrillObstacle(KubernetesClient client, StorageInstance instance) {
    this.client = client;
    this.instance = instance;
    this.namespace = instance.getMetadata().getNamespace();
  }

  /** What ends by itself; null where nothing is at work. */
  @Nullable String passing() {
    String job = job();
    if (job == null) {
      job = BackupsAtWork.of(client, instance);
    }
    if (job != null) {
      return "Job " + job + " is at work, and ends first";
    }
    String backup = backup();
    if (backup != null) {
      return "StorageBackup " + backup + " ends first";
    }
    String move = move();
    return move == null ? null : "StorageMigration " + move + " is under way, and ends first";
  }

  /** What somebody has to mend, and how; null where the set can be reached and opened. */
  @Nullable String lasting(DrillSource source) {
    if (source.s3() != null) {
      try {
        BucketSecrets.require(source.s3(), "backup.target.s3", name -> get(Secret.class, name));
      } catch (StalledException e) {
        return e.explanation();
      }
    }
    if (source.claim() != null) {
      PersistentVolumeClaim claim = get(PersistentVolumeClaim.class, source.claim());
      if (claim == null || claim.getMetadata().getDeletionTimestamp() != null) {
        return "claim "
            + source.claim()
            + ", which has the newest set, is gone or going: bring it back, or make a backup elsewhere";
      }
    }
    return source.identity() == null ? null : withoutKey(source.identity(), source.identityKey());
  }

  private @Nullable String withoutKey(String name, String key) {
    Secret secret = get(Secret.class, name);
    String value = SecretText.of(secret, key);
    if (secret == null || value == null || value.isBlank()) {
      return "Secret "
          + name
          + ", which backup.drill.identitySecretRef names, "
          + (secret == null ? "is not there" : "has no key " + key)
          + ": make it with a private key of age; it is noticed by itself";
    }
    return null;
  }

  private @Nullable String job() {
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withLabels(
            Map.of(
                Labels.MANAGED_BY,
                Labels.WHARFINGER,
                Labels.INSTANCE_UID,
                instance.getMetadata().getUid()))
        .list()
        .getItems()
        .stream()
        .filter(j -> !DrillJob.COMPONENT.equals(j.getMetadata().getLabels().get(Labels.COMPONENT)))
        .filter(j -> !JobOutcome.of(j).ended())
        .map(j -> j.getMetadata().getName())
        .findFirst()
        .orElse(null);
  }

  /** Also one of a schedule that waits for something itself. */
  private @Nullable String backup() {
    return client.resources(StorageBackup.class).inNamespace(namespace).list().getItems().stream()
        .filter(b -> Labels.isOurs(b, instance))
        .filter(b -> BackupResult.of(b) == null)
        .map(b -> b.getMetadata().getName())
        .findFirst()
        .orElse(null);
  }

  private @Nullable String move() {
    return client
        .resources(StorageMigration.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .filter(m -> Labels.isOurs(m, instance))
        .filter(m -> !Boolean.TRUE.equals(m.getSpec().dryRun()))
        .filter(m -> Annotations.get(m, Annotations.ENDED) == null)
        .map(m -> m.getMetadata().getName())
        .findFirst()
        .orElse(null);
  }

  private <T extends HasMetadata> @Nullable T get(Class<T> type, String name) {
    return client.resources(type).inNamespace(namespace).withName(name).get();
  }
}
