package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A binding that is older than the data, as a backup tool brings it back, names what the data has
 * left. Nothing is built on it, and no move begins from there.
 */
final class BindingAgeStep implements Step {

  @Override
  public StepResult run(Run run) {
    int newest =
        Math.max(epoch(run, run.observed().dataClaim()), epoch(run, run.observed().serverClaim()));
    // In a move the claims are marked a moment before the binding flips.
    if (run.observed().binding() == null || run.moving() || newest <= run.active().epoch()) {
      return StepResult.DONE;
    }
    String name = run.model().names().binding();
    Secret live = run.writer().live(Secret.class, name);
    if (live == null || Annotations.epoch(live) >= newest) {
      return StepResult.waiting("Binding", "the binding Secret is not seen yet as it is");
    }
    return StepResult.stop(
        "BindingOutdated",
        "Secret %s is of epoch %d, and the data has moved since, in epoch %d; delete the Secret, and it is made anew for the data as they are"
            .formatted(name, Annotations.epoch(live), newest));
  }

  private static int epoch(Run run, @Nullable PersistentVolumeClaim claim) {
    return claim != null && Labels.isOurs(claim, run.instance()) ? Annotations.epoch(claim) : 0;
  }
}
