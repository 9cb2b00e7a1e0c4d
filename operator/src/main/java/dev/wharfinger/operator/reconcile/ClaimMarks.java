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
      raise(dataClaim, Annotations.EPOCH);
      if (Annotations.epoch(serverClaim) > 0) {
        supersede(serverClaim);
      }
    } else {
      raise(serverClaim, Annotations.EPOCH);
      supersede(dataClaim);
    }
  }

  /** A claim that a move has marked a moment ago is about to be the one that holds the data. */
  private void supersede(@Nullable PersistentVolumeClaim claim) {
    if (Annotations.epoch(claim) < active.epoch()) {
      raise(claim, Annotations.SUPERSEDED);
    }
  }

  /** Against the version that was read, and never down. */
  private void raise(@Nullable PersistentVolumeClaim claim, String annotation) {
    if (claim == null
        || !Labels.isOurs(claim, instance)
        || Annotations.number(claim, annotation) >= active.epoch()) {
      return;
    }
    client
        .resource(claim)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"uid\":\"%s\",\"resourceVersion\":\"%s\",\"annotations\":{\"%s\":\"%d\"}}}"
                .formatted(
                    claim.getMetadata().getUid(),
                    claim.getMetadata().getResourceVersion(),
                    annotation,
                    active.epoch()));
  }
}
