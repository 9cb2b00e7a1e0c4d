package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.DrillResult;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that a drill writes: its Job, and on the StorageBackup what it ended with. */
final class DrillHands {
  private final KubernetesClient client;

  DrillHands(KubernetesClient client) {
    this.client = client;
  }

  /** Makes the Job, if nobody was faster; returns what is in its way, or null. */
  @Nullable String make(Job desired, StorageInstance instance) {
    try {
      client.resource(desired).create();
      return null;
    } catch (KubernetesClientException e) {
      Job live =
          e.getCode() == HttpURLConnection.HTTP_CONFLICT ? client.resource(desired).get() : null;
      if (live == null) {
        throw e;
      }
      return Labels.isOurs(live, instance)
          ? null
          : "Job "
              + live.getMetadata().getName()
              + " exists and was not made for this; delete it, or rename it";
    }
  }

  /** Writes down the end, against the very version that was read. */
  void ended(StorageBackup backup, DrillResult result) {
    Map<String, Object> metadata =
        Map.of(
            "resourceVersion",
            backup.getMetadata().getResourceVersion(),
            "annotations",
            Map.of(Annotations.DRILLED, result.json()));
    client
        .resources(StorageBackup.class)
        .inNamespace(backup.getMetadata().getNamespace())
        .withName(backup.getMetadata().getName())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(Map.of("metadata", metadata)));
  }

  /** Deletes exactly this Job, with its pods, if nobody was faster. */
  void delete(Job job) {
    try {
      new BackupHands(client).delete(job);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }
}
