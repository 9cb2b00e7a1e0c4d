package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.job.RevisionJob;
import dev.wharfinger.operator.job.SchemaReport;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Has the revision of the schema read when somebody asks for it. Nothing waits for that: the Job is
 * the record, and one that is gone is made again.
 */
final class RevisionStep implements Step {

  @Override
  public StepResult run(Run run) {
    String name = RevisionJob.name(run.model(), run.active());
    boolean sqlite = run.active().backend() == Backend.SQLITE;
    if (name == null
        || run.observed().job(name) != null
        || run.moving()
        || run.model().endpoint().socket()
        || sqlite && run.model().sqlite().inMemory()) {
      return StepResult.DONE;
    }
    run.observed().jobs().stream()
        .filter(RevisionStep::reads)
        .filter(j -> j.getMetadata().getDeletionTimestamp() == null)
        .forEach(run.writer()::delete);
    Place place = sqlite ? VolumeNode.of(run.writer().pods(), run.model().names()) : null;
    run.writer().create(RevisionJob.desired(name, run.model(), run.active(), place));
    return StepResult.DONE;
  }

  /** What the youngest Job has read, as long as its pod is there. */
  static StorageInstanceStatus.@Nullable Schema status(Observed observed) {
    Job job =
        observed.jobs().stream()
            .filter(RevisionStep::reads)
            .filter(j -> JobOutcome.of(j) == JobOutcome.COMPLETE)
            .max(Comparator.comparing((Job j) -> j.getMetadata().getCreationTimestamp()))
            .orElse(null);
    if (job == null) {
      return null;
    }
    SchemaReport report = RevisionWords.of(observed.pods(), job);
    return report == null || report.revision() == null
        ? null
        : new StorageInstanceStatus.Schema(report.tool(), report.revision(), report.copy());
  }

  private static boolean reads(Job job) {
    return RevisionJob.COMPONENT.equals(job.getMetadata().getLabels().get(Labels.COMPONENT));
  }
}
