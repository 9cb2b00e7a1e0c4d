package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.model.Volume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientException;

/**
 * Asks for a larger volume where the spec grew. Never for a smaller one. The last step: a volume
 * that cannot grow keeps nobody from using it.
 */
final class ClaimGrowth implements Step {
  static final String NOT_EXPANDABLE = "StorageNotExpandable";

  @Override
  public StepResult run(Run run) {
    boolean sqlite = run.active().backend() == Backend.SQLITE;
    PersistentVolumeClaim claim =
        sqlite ? run.observed().dataClaim() : run.observed().serverClaim();
    if (claim == null) {
      return StepResult.DONE;
    }
    return grow(
        run, claim, sqlite ? run.model().sqlite().volume() : run.model().postgresql().volume());
  }

  private static StepResult grow(Run run, PersistentVolumeClaim claim, Volume wanted) {
    Quantity current = Volume.requested(claim);
    if (wanted.size().getNumericalAmount().compareTo(current.getNumericalAmount()) <= 0) {
      return StepResult.DONE;
    }
    try {
      run.writer()
          .merge(
              claim,
              "{\"metadata\":{\"resourceVersion\":\"%s\"},\"spec\":{\"resources\":{\"requests\":{\"storage\":\"%s\"}}}}"
                  .formatted(claim.getMetadata().getResourceVersion(), wanted.size()));
      return StepResult.DONE;
    } catch (KubernetesClientException e) {
      if (e.getCode() != 403 && e.getCode() != 422) {
        throw e;
      }
      return StepResult.stop(
          NOT_EXPANDABLE,
          "storage.size asks for "
              + wanted.size()
              + ", but the volume of claim "
              + claim.getMetadata().getName()
              + " cannot grow from "
              + current
              + ": its StorageClass must have allowVolumeExpansion; set storage.size back");
    }
  }
}
