package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.BindingSecret;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;

/** Makes the target the backend that holds the data. */
record MigrationFlip(KubernetesClient client, Clock clock, MigrationView view) {

  /** Says on the claim that it holds the data: the Secret may be lost one day. */
  void markTargetClaim() {
    PersistentVolumeClaim claim = view.targetClaim();
    if (claim == null) {
      throw new StalledException(
          "DataMissing", "the claim of the PostgreSQL server that holds the data is gone");
    }
    int epoch = view.active().epoch() + 1;
    if (Annotations.epoch(claim) >= epoch) {
      return;
    }
    client
        .persistentVolumeClaims()
        .inNamespace(view.migration().getMetadata().getNamespace())
        .withName(claim.getMetadata().getName())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"uid\":\"%s\",\"resourceVersion\":\"%s\",\"annotations\":{\"%s\":\"%d\"}}}"
                .formatted(
                    claim.getMetadata().getUid(),
                    claim.getMetadata().getResourceVersion(),
                    Annotations.EPOCH,
                    epoch));
  }

  /** Replaces the Secret against the version that was read. */
  void flipBinding() {
    if (view.credentials() == null) {
      throw new StalledException(
          "CredentialsMissing",
          "Secret "
              + move().server().credentials()
              + " is gone; restore it, the data is committed");
    }
    Secret desired =
        BindingSecret.desired(
            move().model(),
            new ActiveBackend(Backend.POSTGRESQL, view.active().epoch() + 1),
            Map.of(
                Annotations.OPERATION, view.migration().getMetadata().getUid(),
                Annotations.SWITCHED_AT, clock.instant().toString()),
            view.credentials());
    Secret seen = view.binding();
    if (seen == null) {
      client.resource(desired).create();
      return;
    }
    desired.getMetadata().setUid(seen.getMetadata().getUid());
    desired.getMetadata().setResourceVersion(seen.getMetadata().getResourceVersion());
    client.resource(desired).update();
  }

  private Move move() {
    return Objects.requireNonNull(view.move(), "decided only while the instance exists");
  }
}
