package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.model.Volume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a larger volume where the spec grew. Never for a smaller one. One of the last steps: a
 * volume that cannot grow keeps nobody from using it.
 *
 * <p>Whether it can is written in its StorageClass, which a Role of a namespace cannot let us read.
 * So the API server is asked by asking for the growth; once it refused, it is left in peace for a
 * while.
 */
final class ClaimGrowth implements Step {
  static final String NOT_EXPANDABLE = "StorageNotExpandable";

  private static final Duration PEACE = Duration.ofHours(1);

  /** What was refused to a claim, by its uid; forgotten with the process. */
  private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

  private final Clock clock;

  ClaimGrowth(Clock clock) {
    this.clock = clock;
  }

  private record Refusal(Quantity size, Instant at) {}

  @Override
  public StepResult run(Run run) {
    boolean sqlite = run.active().backend() == Backend.SQLITE;
    StepResult server =
        sqlite
            ? StepResult.DONE
            : grow(run, run.observed().serverClaim(), run.model().postgresql().volume());
    // Files that no move takes along go on growing; else the volume is left as it was.
    return server.done() && (sqlite || !run.model().sqlite().unmoved().isEmpty())
        ? grow(run, run.observed().dataClaim(), run.model().sqlite().volume())
        : server;
  }

  private StepResult grow(Run run, @Nullable PersistentVolumeClaim claim, Volume wanted) {
    if (claim == null) {
      return StepResult.DONE;
    }
    Quantity current = Volume.requested(claim);
    String uid = claim.getMetadata().getUid();
    if (wanted.size().getNumericalAmount().compareTo(current.getNumericalAmount()) <= 0) {
      refusals.remove(uid);
      return StepResult.DONE;
    }
    Refusal refusal = refusals.get(uid);
    if (refusal != null
        && refusal.size().equals(wanted.size())
        && clock.instant().isBefore(refusal.at().plus(PEACE))) {
      return notExpandable(claim, wanted);
    }
    try {
      run.writer()
          .merge(
              claim,
              "{\"metadata\":{\"resourceVersion\":\"%s\"},\"spec\":{\"resources\":{\"requests\":{\"storage\":\"%s\"}}}}"
                  .formatted(claim.getMetadata().getResourceVersion(), wanted.size()));
      return StepResult.DONE;
    } catch (KubernetesClientException e) {
      boolean quota = String.valueOf(e.getMessage()).contains("exceeded quota");
      if (quota || e.getCode() != 403 && e.getCode() != 422) {
        throw e;
      }
      refusals.put(uid, new Refusal(wanted.size(), clock.instant()));
      return notExpandable(claim, wanted);
    }
  }

  private static StepResult notExpandable(PersistentVolumeClaim claim, Volume wanted) {
    return StepResult.stop(
        NOT_EXPANDABLE,
        "storage.size asks for "
            + wanted.size()
            + ", but the volume of claim "
            + claim.getMetadata().getName()
            + " cannot grow from "
            + Volume.requested(claim)
            + ": its StorageClass must have allowVolumeExpansion; set storage.size back");
  }
}
