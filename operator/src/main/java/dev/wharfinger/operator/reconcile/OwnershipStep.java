package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Nothing that belongs to somebody else is touched. What a deleted namesake left behind is taken
 * over only when its uid is named.
 */
final class OwnershipStep implements Step {

  @Override
  public StepResult run(Run run) {
    for (HasMetadata object : run.observed().named()) {
      if (Labels.isOurs(object, run.instance())) {
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

  private static void adopt(Run run, HasMetadata object) {
    run.writer()
        .merge(
            object,
            "{\"metadata\":{\"resourceVersion\":\"%s\",\"labels\":{\"%s\":\"%s\"}}}"
                .formatted(
                    object.getMetadata().getResourceVersion(),
                    Labels.INSTANCE_UID,
                    run.instance().getMetadata().getUid()));
  }
}
