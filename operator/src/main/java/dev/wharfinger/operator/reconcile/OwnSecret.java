package dev.wharfinger.operator.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Secrets whose content is ours as a whole: replaced against the very version that was read. */
final class OwnSecret {
  private OwnSecret() {}

  /**
   * Makes {@code observed} what is desired.
   *
   * @return whether there was anything to do
   */
  static boolean replace(Writer writer, Secret desired, Secret observed) {
    if (same(observed, desired)) {
      return false;
    }
    writer.replace(over(observed, desired), observed);
    return true;
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
      @Nullable Map<String, String> all, @Nullable Map<String, String> wanted) {
    return wanted == null
        || wanted.isEmpty()
        || all != null && all.entrySet().containsAll(wanted.entrySet());
  }
}
