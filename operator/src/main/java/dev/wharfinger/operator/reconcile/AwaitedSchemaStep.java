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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has a schema read that the operator does not make, until it is as expected: one short Job at a
 * time, and again only while the application runs, which alone could bring it.
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
    if (run.schema() != null) {
      clear(run, run.schema());
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

  /**
   * Jobs from when the operator made the schema go first, as soon as what they have done is
   * recorded: there is one record, and it is of whoever was last.
   */
  private static void clear(Run run, Schema before) {
    if (before.running() == null && before.unrecorded() == null) {
      delete(run, before.jobs());
    }
  }

  private static void make(Run run, AwaitedSchema awaited) {
    Place place = place(run);
    if (!awaited.adopted() && !applicationRuns(run, place)) {
      return;
    }
    delete(run, run.observed().jobs().stream().filter(AwaitedSchemaStep::reads).toList());
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
          .apply(awaited.record(run, report).desired(run.model()), run.observed().schemaRecord());
    } else if (old(job) && (report == null || applicationRuns(run, place(run)))) {
      run.writer().delete(job);
    }
  }

  private boolean old(Job job) {
    return clock
        .instant()
        .isAfter(Instant.parse(job.getMetadata().getCreationTimestamp()).plus(PAUSE));
  }

  private static void delete(Run run, List<Job> jobs) {
    jobs.stream()
        .filter(j -> j.getMetadata().getDeletionTimestamp() == null)
        .forEach(run.writer()::delete);
  }

  private static @Nullable Place place(Run run) {
    return run.active().backend() == Backend.SQLITE
        ? VolumeNode.of(run.writer().pods(), run.model().names())
        : null;
  }

  /**
   * On SQLite a pod of it must have its node: a Job that comes before could take the volume to
   * another.
   */
  private static boolean applicationRuns(Run run, @Nullable Place place) {
    return run.active().backend() == Backend.SQLITE
        ? place != null
        : !run.advice().running(run, run.writer().client()).isEmpty();
  }

  private static boolean reads(Job job) {
    return AwaitedSchema.COMPONENT.equals(job.getMetadata().getLabels().get(Labels.COMPONENT));
  }
}
