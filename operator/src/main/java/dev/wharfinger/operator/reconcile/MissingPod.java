package dev.wharfinger.operator.reconcile;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * Why a Job or a StatefulSet has no pod: a quota, a LimitRange or Pod Security refuses it before it
 * is there, and only an Event of its maker tells.
 */
final class MissingPod {
  /** No object of ours changes when the cause goes. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

  private MissingPod() {}

  /**
   * What was said last about the pods of {@code maker}; the same each time, without the name that
   * the pod would have had.
   */
  static StepResult of(KubernetesClient client, HasMetadata maker, StepResult otherwise) {
    return client
        .v1()
        .events()
        .inNamespace(maker.getMetadata().getNamespace())
        .withField("involvedObject.uid", maker.getMetadata().getUid())
        .withField("reason", "FailedCreate")
        .list()
        .getItems()
        .stream()
        .max(Comparator.comparing(MissingPod::last))
        .map(event -> StepResult.waiting("PodRefused", words(maker, event.getMessage())))
        .orElse(otherwise)
        .lookAgain(LOOK_AGAIN);
  }

  private static String words(HasMetadata maker, String message) {
    String cause =
        message
            .replaceFirst("^Error creating: ", "")
            .replaceFirst("^create Pod \\S+ in StatefulSet \\S+ failed error: ", "")
            .replaceFirst("^pods \"[^\"]*\" is ", "");
    return "the API server refuses the pod of %s %s: %s"
        .formatted(maker.getKind(), maker.getMetadata().getName(), cause);
  }

  private static String last(Event event) {
    return Optional.ofNullable(event.getLastTimestamp())
        .or(() -> Optional.ofNullable(event.getMetadata().getCreationTimestamp()))
        .orElse("");
  }
}
