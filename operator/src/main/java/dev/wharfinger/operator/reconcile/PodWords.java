package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.RestoreReport;
import dev.wharfinger.operator.status.Scrubbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the pods of a Job that restores have said. */
final class PodWords {
  private PodWords() {}

  /** Pods that the Job's uid vouches for. */
  static List<Pod> youngestFirst(List<Pod> pods, Job job) {
    return pods.stream()
        .filter(pod -> LastWords.ownedBy(pod, job))
        .sorted(Comparator.comparing((Pod p) -> p.getMetadata().getCreationTimestamp()).reversed())
        .toList();
  }

  /** The runner's report, or null. */
  static @Nullable RestoreReport report(List<Pod> pods, Job job) {
    return youngestFirst(pods, job).stream()
        .flatMap(LastWords::of)
        .map(RestoreReport::parse)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .findFirst()
        .orElse(null);
  }

  /** The end of what the youngest pod has said instead, or why it ended; empty where unknown. */
  static String others(List<Pod> pods, Job job, List<String> secrets) {
    return youngestFirst(pods, job).stream()
        .findFirst()
        .map(pod ->
            PodDiagnosis.endedBy(pod)
                + " "
                + PodDiagnosis.said(pod)
                    .map(PodDiagnosis::withoutData)
                    .map(PodDiagnosis::tail)
                    .orElse(""))
        .map(String::strip)
        .map(text -> scrubbed(text, secrets))
        .orElse("");
  }

  /** Without any of these, and without what looks like a password. */
  static String scrubbed(String text, List<String> secrets) {
    return Scrubbed.of(text, secrets);
  }
}
