package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.BindingSecret;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The binding Secret, for the backend that holds the data. It never moves an instance to another
 * backend; that is done once, by the migration.
 */
final class BindingStep implements Step {

  @Override
  public StepResult run(Run run) {
    Secret observed = run.observed().binding();
    if (observed == null) {
      // Before anybody can use the data, its claim says that it holds it.
      EpochStep.write(run);
    }
    if (run.active().backend() == Backend.POSTGRESQL && run.credentials() == null) {
      return StepResult.waiting("ServerStarting", "the credentials are not seen yet");
    }
    if (run.active().backend() == Backend.POSTGRESQL && run.model().lacksCertificates()) {
      return StepResult.waiting("ServerStarting", "the server's certificate is not seen yet");
    }
    Secret desired = desired(run, observed);
    if (desired == null) {
      return StepResult.DONE;
    }
    if (observed == null) {
      run.writer().create(desired);
      return StepResult.waiting("Binding", "the binding Secret is being made");
    }
    OwnSecret.replace(run.writer(), desired, observed);
    return StepResult.DONE;
  }

  /** Null where a template cannot be used and the binding that stands must not suffer for it. */
  private static @Nullable Secret desired(Run run, @Nullable Secret observed) {
    try {
      return BindingSecret.desired(
          run.model(), run.active(), carried(run, observed), run.credentials());
    } catch (StalledException e) {
      if (observed == null) {
        throw e;
      }
      // TemplateStep says so, after everything else is done.
      return null;
    }
  }

  private static Map<String, String> carried(Run run, @Nullable Secret observed) {
    Map<String, String> carried = new TreeMap<>();
    if (run.external() != null) {
      carried.put(Annotations.EXTERNAL, run.model().endpoint().address());
    }
    for (String name :
        List.of(Annotations.OPERATION, Annotations.SWITCHED_AT, Annotations.SCHEMA_REVISION)) {
      String value = Annotations.get(observed, name);
      if (value != null) {
        carried.put(name, value);
      }
    }
    return carried;
  }
}
