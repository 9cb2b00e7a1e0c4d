package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.BindingSecret;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    Secret desired = desired(run, observed);
    if (desired == null) {
      return StepResult.DONE;
    }
    if (observed == null) {
      run.writer().create(desired);
      return StepResult.waiting("Binding", "the binding Secret is being made");
    }
    if (!same(observed, desired)) {
      run.writer().replace(over(observed, desired), observed);
    }
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

  /** Ours is replaced as a whole, labels and annotations of others stay. */
  private static Secret over(Secret observed, Secret desired) {
    return observed
        .edit()
        .editMetadata()
        .addToLabels(desired.getMetadata().getLabels())
        .addToAnnotations(desired.getMetadata().getAnnotations())
        .withOwnerReferences(desired.getMetadata().getOwnerReferences())
        .endMetadata()
        .withData(desired.getData())
        .build();
  }

  private static boolean same(Secret observed, Secret desired) {
    return Objects.equals(observed.getData(), desired.getData())
        && observed
            .getMetadata()
            .getOwnerReferences()
            .containsAll(desired.getMetadata().getOwnerReferences())
        && containsAll(
            observed.getMetadata().getAnnotations(), desired.getMetadata().getAnnotations())
        && containsAll(observed.getMetadata().getLabels(), desired.getMetadata().getLabels());
  }

  private static boolean containsAll(
      @Nullable Map<String, String> all, Map<String, String> wanted) {
    return all != null && all.entrySet().containsAll(wanted.entrySet());
  }
}
