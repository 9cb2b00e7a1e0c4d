package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.SchemaReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a Job that reads the revision has said. */
final class RevisionWords {
  private RevisionWords() {}

  /** Of its youngest pod; null where none has said anything. */
  static @Nullable SchemaReport of(List<Pod> pods, @Nullable Job job) {
    return job == null
        ? null
        : pods.stream()
            .filter(p -> LastWords.ownedBy(p, job))
            .sorted(
                Comparator.comparing((Pod p) -> p.getMetadata().getCreationTimestamp()).reversed())
            .flatMap(LastWords::of)
            .map(SchemaReport::parse)
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .findFirst()
            .orElse(null);
  }
}
