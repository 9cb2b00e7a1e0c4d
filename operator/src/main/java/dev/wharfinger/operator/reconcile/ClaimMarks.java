package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says on the claims which of them holds the data: the binding Secret may be lost one day. Both
 * tell it, so that one of them may lose its word.
 *
 * @param client the client
 * @param instance whose claims they are; others are left alone
 * @param active the backend that holds the data
 */
record ClaimMarks(KubernetesClient client, StorageInstance instance, ActiveBackend active) {

  void write(
      @Nullable PersistentVolumeClaim dataClaim, @Nullable PersistentVolumeClaim serverClaim) {
    if (active.backend() == Backend.SQLITE) {
      // A claim for a file is of epoch 1 before anybody was told of it, a server's only then.
      mark(dataClaim, raised(dataClaim, Annotations.EPOCH), bound(dataClaim));
      if (Annotations.epoch(serverClaim) > 0) {
        supersede(serverClaim);
      }
    } else {
      mark(serverClaim, raised(serverClaim, Annotations.EPOCH), Map.of());
      supersede(dataClaim);
    }
  }

  /** Whether the application of an instance was told of the file on its claim at some time. */
  static boolean wasBound(@Nullable PersistentVolumeClaim dataClaim, StorageInstance instance) {
    return instance.getMetadata().getUid().equals(Annotations.get(dataClaim, Annotations.BOUND));
  }

  /** A claim that a move has marked a moment ago is about to be the one that holds the data. */
  private void supersede(@Nullable PersistentVolumeClaim claim) {
    if (Annotations.epoch(claim) < active.epoch()) {
      mark(claim, raised(claim, Annotations.SUPERSEDED), Map.of());
    }
  }

  private Map<String, String> bound(@Nullable PersistentVolumeClaim claim) {
    return wasBound(claim, instance)
        ? Map.of()
        : Map.of(Annotations.BOUND, instance.getMetadata().getUid());
  }

  /** Never down. */
  private Map<String, String> raised(@Nullable PersistentVolumeClaim claim, String annotation) {
    return Annotations.number(claim, annotation) >= active.epoch()
        ? Map.of()
        : Map.of(annotation, Integer.toString(active.epoch()));
  }

  /** Against the version that was read, and in one write: it is another one behind it. */
  private void mark(
      @Nullable PersistentVolumeClaim claim, Map<String, String> epoch, Map<String, String> bound) {
    Map<String, String> marks = new TreeMap<>(epoch);
    marks.putAll(bound);
    if (claim == null || marks.isEmpty() || !Labels.isOurs(claim, instance)) {
      return;
    }
    Map<String, Object> metadata =
        Map.of(
            "uid", claim.getMetadata().getUid(),
            "resourceVersion", claim.getMetadata().getResourceVersion(),
            "annotations", marks);
    client
        .resource(claim)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(Map.of("metadata", metadata)));
  }
}
