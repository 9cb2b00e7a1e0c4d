package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.job.References;
import dev.wharfinger.operator.job.RevisionJob;
import dev.wharfinger.operator.job.SchemaReport;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has a schema read that the operator does not make, until it is as expected: one short Job at a
 * time, ever more rarely, and again only while the application runs, which alone could bring it.
 */
final class AwaitedSchemaStep implements Step {
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
    Readings readings = Readings.of(run.observed(), awaited);
    Job last = readings.last();
    if (last == null) {
      begin(run, awaited, readings);
    } else if (JobOutcome.of(last).ended() && last.getMetadata().getDeletionTimestamp() == null) {
      read(run, awaited, readings, last);
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

  private void begin(Run run, AwaitedSchema awaited, Readings readings) {
    List<Pod> pods = run.writer().pods();
    if (awaited.adopted() || applicationRuns(run, pods)) {
      delete(run, readings.others());
      make(run, awaited, pods, Reading.first(clock.instant(), application(run, pods)));
    }
  }

  private void read(Run run, AwaitedSchema awaited, Readings readings, Job last) {
    List<Pod> pods = run.writer().pods();
    SchemaReport report =
        JobOutcome.of(last) == JobOutcome.COMPLETE ? RevisionWords.of(pods, last) : null;
    if (report != null && awaited.met(report)) {
      delete(run, readings.before());
      run.writer()
          .apply(awaited.record(run, report).desired(run.model()), run.observed().schemaRecord());
      return;
    }
    delete(run, readings.past(run.observed().pods()));
    Reading reading = Reading.of(last);
    String seen = application(run, pods);
    if (reading.due(clock.instant(), seen)
        && (awaited.adopted() && report == null || applicationRuns(run, pods))) {
      make(run, awaited, pods, reading.next(clock.instant(), seen));
    }
  }

  /** The name tells which one it is: an operator that sees too little makes none twice. */
  private static void make(Run run, AwaitedSchema awaited, List<Pod> pods, Reading reading) {
    run.writer()
        .create(
            RevisionJob.desired(
                    run.model().names().revisionJob(awaited.content() + " " + reading.turn()),
                    AwaitedSchema.COMPONENT,
                    run.model(),
                    run.active(),
                    place(run, pods))
                .edit()
                .editMetadata()
                .addToAnnotations(Annotations.SCHEMA_CONTENT, awaited.content())
                .addToAnnotations(Annotations.READING, reading.text())
                .endMetadata()
                .build());
  }

  private static void delete(Run run, List<Job> jobs) {
    jobs.stream()
        .filter(j -> j.getMetadata().getDeletionTimestamp() == null)
        .forEach(run.writer()::delete);
  }

  private static @Nullable Place place(Run run, List<Pod> pods) {
    return run.active().backend() == Backend.SQLITE
        ? VolumeNode.of(pods, run.model().names())
        : null;
  }

  /**
   * On SQLite a pod of it must have its node: a Job that comes before could take the volume to
   * another.
   */
  private static boolean applicationRuns(Run run, List<Pod> pods) {
    return run.active().backend() == Backend.SQLITE
        ? place(run, pods) != null
        : !run.advice().running(run, run.writer().client()).isEmpty();
  }

  /** Which pods of the application there are. */
  private static String application(Run run, List<Pod> pods) {
    Names names = run.model().names();
    return Names.hash(
        pods.stream()
            .filter(PodsInTheWay::live)
            .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
            .filter(p -> !Labels.made(p))
            .filter(p -> References.any(p.getSpec(), names.binding(), names.dataClaim()))
            .map(p -> p.getMetadata().getUid())
            .sorted()
            .collect(Collectors.joining(" ")));
  }
}
