package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.dependent.BindingSecret;
import dev.wharfinger.operator.model.StalledException;
import java.util.Map;

/**
 * Says what is wrong with the templates of a binding that stands. The last step: a template that
 * cannot be used takes nothing away from the application, and keeps nothing else from being done.
 */
final class TemplateStep implements Step {

  @Override
  public StepResult run(Run run) {
    try {
      BindingSecret.desired(run.model(), run.active(), Map.of(), run.credentials());
      return StepResult.DONE;
    } catch (StalledException e) {
      return StepResult.stop(
          e.reason(),
          e.explanation()
              + "; until then Secret "
              + run.model().names().binding()
              + " stays as it was");
    }
  }
}
