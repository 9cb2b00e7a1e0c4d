package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.job.RevisionJob;
import dev.wharfinger.operator.job.SchemaReport;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Has a schema read that the operator does not make, until it is as expected: one short Job at a
 * time, and of an application that is to bring it only while that runs.
 */
final class AwaitedSchemaStep implements Step {
  /** How old a Job is before another reads again. */
  private static final Duration PAUSE = Duration.ofSeconds(25);

  private final Clock clock;

  AwaitedSchemaStep(Clock clock) {
    this.clock = clock;
  }

  @Override
  public StepResult run(Run run) {
    AwaitedSchema awaited = AwaitedSchema.of(run);
    if (awaited == null || !awaited.looksAgain(run) || run.moving()) {
      return StepResult.DONE;
    }
    Job job = run.observed().job(awaited.job(run));
    if (job == null) {
      make(run, awaited);
    } else if (JobOutcome.of(job).ended() && job.getMetadata().getDeletionTimestamp() == null) {
      read(run, awaited, job);
    }
    return StepResult.DONE;
  }

  private static void make(Run run, AwaitedSchema awaited) {
    if (!awaited.adopted() && run.advice().running(run, run.writer().client()).isEmpty()) {
      return;
    }
    run.observed().jobs().stream()
        .filter(AwaitedSchemaStep::reads)
        .filter(j -> j.getMetadata().getDeletionTimestamp() == null)
        .forEach(run.writer()::delete);
    Place place =
        run.active().backend() == Backend.SQLITE
            ? VolumeNode.of(run.writer().pods(), run.model().names())
            : null;
    run.writer()
        .create(
            RevisionJob.desired(
                awaited.job(run), AwaitedSchema.COMPONENT, run.model(), run.active(), place));
  }

  private void read(Run run, AwaitedSchema awaited, Job job) {
    SchemaReport report =
        JobOutcome.of(job) == JobOutcome.COMPLETE
            ? RevisionWords.of(run.writer().pods(), job)
            : null;
    if (report != null && awaited.met(report)) {
      run.writer()
          .apply(
              awaited.record(run, job, report).desired(run.model()), run.observed().schemaRecord());
    } else if (clock
        .instant()
        .isAfter(Instant.parse(job.getMetadata().getCreationTimestamp()).plus(PAUSE))) {
      run.writer().delete(job);
    }
  }

  private static boolean reads(Job job) {
    return AwaitedSchema.COMPONENT.equals(job.getMetadata().getLabels().get(Labels.COMPONENT));
  }
}
