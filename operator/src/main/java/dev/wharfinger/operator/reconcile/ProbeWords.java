package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.ProbeVerdict;
import dev.wharfinger.operator.job.ServerFigures;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a Job that tries a server has said. */
final class ProbeWords {
  private ProbeWords() {}

  /** Of its youngest pod that ended; null where none has said anything. */
  static @Nullable ProbeVerdict of(List<Pod> pods, Job job) {
    return read(pods, job, ProbeVerdict::parse);
  }

  /** What the server has told of itself to that pod; null where it has not. */
  static @Nullable ServerFigures figures(List<Pod> pods, Job job) {
    return read(pods, job, ServerFigures::parse);
  }

  private static <T> @Nullable T read(
      List<Pod> pods, Job job, Function<String, @Nullable T> parse) {
    return pods.stream()
        .filter(p -> LastWords.ownedBy(p, job))
        .sorted(Comparator.comparing((Pod p) -> p.getMetadata().getCreationTimestamp()).reversed())
        .flatMap(LastWords::of)
        .flatMap(words -> Stream.ofNullable(parse.apply(words)))
        .findFirst()
        .orElse(null);
  }
}
