package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.dependent.BackupClaim;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Everything that a backup writes, apart from its status. No claim is ever deleted or changed. */
final class BackupHands {
  private final KubernetesClient client;

  BackupHands(KubernetesClient client) {
    this.client = client;
  }

  /** The claim for the sets, where the operator makes it. */
  void claim(PersistentVolumeClaim desired, String instance) {
    create(desired, live -> BackupClaim.made(live, instance));
  }

  /** Its Job. */
  void job(Job desired, StorageBackup backup) {
    create(desired, live -> belongs(live, backup));
  }

  /**
   * Writes down where the set goes, and of which instance it is: one of the same name that is made
   * later is another one. What a copy brought along of another backup's Jobs is void.
   */
  StorageBackup decide(
      StorageBackup backup, BackupDecision decision, Map<String, String> ofInstance) {
    Map<String, String> labels = new HashMap<>(ofInstance);
    labels.keySet().retainAll(Set.of(Labels.INSTANCE, Labels.INSTANCE_UID));
    return patch(
        backup,
        Map.of(
            "labels",
            labels,
            "annotations",
            Map.of(Annotations.BACKUP_DECISION, decision.json(), Annotations.BACKUP_JOBS, "0")));
  }

  /** Notes that a Job was made. */
  StorageBackup made(StorageBackup backup) {
    int jobs = Annotations.number(backup, Annotations.BACKUP_JOBS) + 1;
    return patch(
        backup, Map.of("annotations", Map.of(Annotations.BACKUP_JOBS, Integer.toString(jobs))));
  }

  /** Writes down the end. */
  StorageBackup ended(StorageBackup backup, BackupResult result) {
    return patch(
        backup,
        Map.of(
            "annotations",
            Map.of(
                Annotations.ENDED,
                Objects.requireNonNull(result.facts().phase()).value(),
                Annotations.BACKUP_OF,
                backup.getMetadata().getUid(),
                Annotations.BACKUP_RESULT,
                result.json())));
  }

  /** Deletes exactly this Job, with its pods. */
  void delete(Job job) {
    client.raw(
        "/apis/batch/v1/namespaces/%s/jobs/%s"
            .formatted(job.getMetadata().getNamespace(), job.getMetadata().getName()),
        "DELETE",
        new DeleteOptionsBuilder()
            .withApiVersion("v1")
            .withKind("DeleteOptions")
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(job.getMetadata().getUid())
            .endPreconditions()
            .build());
  }

  /** Whether an object was made for this very backup. */
  static boolean belongs(HasMetadata object, StorageBackup backup) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(o -> backup.getMetadata().getUid().equals(o.getUid()));
  }

  /** An object of our name that somebody else made could tell us anything. */
  static StalledException conflict(HasMetadata object) {
    return new StalledException(
        "NameConflict",
        object.getKind()
            + " "
            + object.getMetadata().getName()
            + " exists and was not made for this; delete it, or rename it");
  }

  private interface Ours {
    boolean test(HasMetadata live);
  }

  private void create(HasMetadata desired, Ours ours) {
    try {
      client.resource(desired).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      HasMetadata live = client.resource(desired).get();
      if (live == null) {
        // Another conflict than that it exists, such as one about a quota: nothing was made.
        throw e;
      }
      if (!ours.test(live)) {
        throw conflict(live);
      }
    }
  }

  private StorageBackup patch(StorageBackup backup, Map<String, Object> changes) {
    Map<String, Object> metadata = new HashMap<>(changes);
    metadata.put("resourceVersion", backup.getMetadata().getResourceVersion());
    return client
        .resources(StorageBackup.class)
        .inNamespace(backup.getMetadata().getNamespace())
        .withName(backup.getMetadata().getName())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(Map.of("metadata", metadata)));
  }
}
