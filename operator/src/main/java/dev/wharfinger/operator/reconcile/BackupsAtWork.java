package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.BackupJob;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a backup of an instance is being made, read live. */
final class BackupsAtWork {
  /** When to look whether a backup has ended: the pods of its Jobs wake no instance. */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private BackupsAtWork() {}

  /**
   * Name of a Job that makes one, or whose pod may still do so after the Job was deleted; or null.
   */
  static @Nullable String of(KubernetesClient client, StorageInstance instance) {
    return of(client, instance.getMetadata().getNamespace(), instance.getMetadata().getUid());
  }

  /** The same for the instance of a move that has stopped nobody yet; null for any other. */
  static @Nullable String before(KubernetesClient client, StorageMigration migration) {
    String uid = Labels.ownerUid(migration);
    return uid == null
            || Boolean.TRUE.equals(migration.getSpec().dryRun())
            || Annotations.get(migration, Annotations.FENCED_AT) != null
        ? null
        : of(client, migration.getMetadata().getNamespace(), uid);
  }

  /** Name of a StorageBackup that has begun and not told its end yet; or null. */
  static @Nullable String unfinished(KubernetesClient client, StorageInstance instance) {
    return client
        .resources(StorageBackup.class)
        .inNamespace(instance.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(b -> Labels.isOurs(b, instance))
        // One of a schedule is ours before it has begun, and does not begin where nothing is.
        .filter(b -> BackupDecision.of(b) != null)
        .filter(b -> BackupResult.of(b) == null)
        .map(b -> b.getMetadata().getName())
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String of(KubernetesClient client, String namespace, String uid) {
    Map<String, String> labels =
        Map.of(
            Labels.MANAGED_BY,
            Labels.WHARFINGER,
            Labels.COMPONENT,
            BackupJob.COMPONENT,
            Labels.INSTANCE_UID,
            uid);
    String job =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .withLabels(labels)
            .list()
            .getItems()
            .stream()
            .filter(j -> !JobOutcome.of(j).ended())
            .map(j -> j.getMetadata().getName())
            .findFirst()
            .orElse(null);
    return job != null
        ? job
        : client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
            .filter(PodsInTheWay::live)
            .map(BackupsAtWork::job)
            .findFirst()
            .orElse(null);
  }

  private static String job(Pod pod) {
    OwnerReference owner = PodsInTheWay.controller(pod);
    return owner == null ? pod.getMetadata().getName() : owner.getName();
  }
}
