package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;

/**
 * Nothing that belongs to somebody else is touched. What a deleted namesake left behind is taken
 * over only when its uid is named.
 */
final class OwnershipStep implements Step {

  @Override
  public StepResult run(Run run) {
    for (HasMetadata object : run.observed().named()) {
      if (Labels.isOurs(object, run.instance())) {
        keepFindable(run, object);
        continue;
      }
      String former = Labels.ownerUid(object);
      if (former == null
          || !former.equals(Annotations.get(run.instance(), Annotations.ADOPT))
          || !run.observed().retained().contains(object)) {
        throw new ConflictException(object);
      }
      adopt(run, object);
    }
    return StepResult.DONE;
  }

  /** Claims and credentials are never applied again; the label they are found by is kept here. */
  private static void keepFindable(Run run, HasMetadata object) {
    if (run.observed().retained().contains(object)) {
      run.writer().label(object, Map.of(Labels.INSTANCE, run.model().name()));
    }
  }

  private static void adopt(Run run, HasMetadata object) {
    run.writer().label(object, Map.of(Labels.INSTANCE_UID, run.instance().getMetadata().getUid()));
  }
}
