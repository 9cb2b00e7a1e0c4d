package dev.wharfinger.operator.reconcile;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Objects;
import java.util.stream.Stream;

/** What a Job's pods have said at their end. */
final class LastWords {
  private LastWords() {}

  /** Whether the Job's uid vouches for the pod. */
  static boolean ownedBy(Pod pod, Job job) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(o -> job.getMetadata().getUid().equals(o.getUid()));
  }

  /** The termination messages of the containers that have ended. */
  static Stream<String> of(Pod pod) {
    return pod.getStatus() == null
        ? Stream.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .map(c -> c.getState())
            .filter(Objects::nonNull)
            .map(ContainerState::getTerminated)
            .filter(t -> t != null && t.getMessage() != null)
            .map(ContainerStateTerminated::getMessage);
  }
}
