package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.SchemaReport;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Jobs that read one schema which is waited for. Beside the last one stays whichever has said
 * something before it, until the last one has: what is told does not come and go with each Job.
 *
 * @param jobs the last one first
 * @param others those of what was waited for before
 */
record Readings(List<Job> jobs, List<Job> others) {

  static Readings of(Observed observed, AwaitedSchema awaited) {
    List<Job> all =
        observed.jobs().stream()
            .filter(j ->
                AwaitedSchema.COMPONENT.equals(j.getMetadata().getLabels().get(Labels.COMPONENT)))
            .sorted(Comparator.comparingInt((Job j) -> Reading.of(j).turn()).reversed())
            .toList();
    return new Readings(
        all.stream().filter(j -> of(j, awaited)).toList(),
        all.stream().filter(j -> !of(j, awaited)).toList());
  }

  private static boolean of(Job job, AwaitedSchema awaited) {
    return awaited.content().equals(Annotations.get(job, Annotations.SCHEMA_CONTENT));
  }

  /** The last Job, or null where none was made yet. */
  @Nullable Job last() {
    return jobs.isEmpty() ? null : jobs.getFirst();
  }

  /** All but the last. */
  List<Job> before() {
    return jobs.stream().skip(1).toList();
  }

  /**
   * Those that have no say any more.
   *
   * @param pods as the condition sees them
   */
  List<Job> past(List<Pod> pods) {
    List<Job> past = new ArrayList<>();
    boolean said = last() != null && RevisionWords.of(pods, last()) != null;
    for (Job job : before()) {
      boolean speaks = RevisionWords.of(pods, job) != null;
      if (said || !speaks) {
        past.add(job);
      }
      said = said || speaks;
    }
    return past;
  }

  /** What was said last, or null where nothing was. */
  @Nullable SchemaReport said(List<Pod> pods) {
    for (Job job : jobs) {
      SchemaReport report = RevisionWords.of(pods, job);
      if (report != null) {
        return report;
      }
    }
    return null;
  }
}
