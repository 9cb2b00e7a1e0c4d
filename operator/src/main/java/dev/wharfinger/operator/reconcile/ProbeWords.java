package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.ProbeVerdict;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a Job that tries a server has said. */
final class ProbeWords {
  private ProbeWords() {}

  /** Of its youngest pod that ended; null where none has said anything. */
  static @Nullable ProbeVerdict of(List<Pod> pods, Job job) {
    return pods.stream()
        .filter(p -> LastWords.ownedBy(p, job))
        .sorted(Comparator.comparing((Pod p) -> p.getMetadata().getCreationTimestamp()).reversed())
        .flatMap(LastWords::of)
        .map(ProbeVerdict::parse)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
