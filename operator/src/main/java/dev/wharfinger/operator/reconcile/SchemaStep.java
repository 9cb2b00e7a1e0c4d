package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.operator.dependent.SchemaRecord;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.job.SchemaAsk;
import dev.wharfinger.operator.job.SchemaJob;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Schema migrations on the backend that holds the data: one Job for each thing that is asked for,
 * one Job at a time, and none while a move is under way. What a Job left behind is recorded before
 * another is made, so that nothing is done twice and nothing that failed is tried for ever.
 */
final class SchemaStep implements Step {
  /** For an application that was never told of its database: the schema comes first. */
  static final Step BEFORE_BINDING =
      run ->
          run.schema() == null || !run.schema().beforeBinding() || everBound(run, run.schema())
              ? StepResult.DONE
              : step(run, run.schema());

  private final Step besides;

  /**
   * The step.
   *
   * @param besides what is done also where the instance waits for its schema
   */
  SchemaStep(Step besides) {
    this.besides = besides;
  }

  @Override
  public StepResult run(Run run) {
    if (run.schema() == null) {
      return StepResult.DONE;
    }
    boolean blocking = run.schema().blocking();
    StepResult result = step(run, run.schema());
    if (result.done() || !blocking || awaitsApplication(result)) {
      return StepResult.DONE;
    }
    besides.run(run);
    return result;
  }

  /** It comes after its database, and may itself wait until that is Ready. */
  private static boolean awaitsApplication(StepResult result) {
    return result instanceof StepResult.Stop stop && stop.reason().equals(SchemaSource.NO_CONSUMER);
  }

  /** A binding that is lost comes back whatever the schema is. */
  static boolean everBound(Run run, Schema schema) {
    // A new claim for SQLite is of epoch 1 before anybody is bound.
    return run.observed().binding() != null
        || schema.record().once()
        || ClaimMarks.wasBound(run.observed().dataClaim(), run.instance())
        || Annotations.epoch(run.observed().dataClaim()) > 1
        || Annotations.epoch(run.observed().serverClaim()) > 0;
  }

  private static StepResult step(Run run, Schema schema) {
    tell(run, schema);
    if (schema.running() != null) {
      return schema.state(run);
    }
    Job ended = schema.unrecorded();
    if (ended != null) {
      record(run, ended);
      return schema.state(run);
    }
    if (!schema.due()) {
      return schema.state(run);
    }
    if (run.moving()) {
      return StepResult.DONE;
    }
    StepResult state = schema.state(run);
    if (state instanceof StepResult.Wait) {
      make(run, schema);
    }
    return state;
  }

  /** Beside the record, which may be deleted. */
  private static void tell(Run run, Schema schema) {
    String repaired = schema.record().ask().untold(run.instance());
    if (repaired != null) {
      run.writer()
          .merge(
              run.instance(),
              "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}"
                  .formatted(Annotations.SCHEMA_REPAIRED, repaired));
    }
    if (run.external() != null
        && schema.blocking()
        && run.observed().binding() != null
        && !schema.record().once()) {
      // With somebody else's server there is no claim that could tell it.
      run.writer()
          .apply(schema.record().bound().desired(run.model()), run.observed().schemaRecord());
    }
  }

  private static void make(Run run, Schema schema) {
    if (run.writer().moving() || run.writer().migratingSchema() != null || !recordIsSeen(run)) {
      // A cache is behind; what it shows next brings the next run.
      return;
    }
    if (RestoresAtWork.of(run.writer().client(), run.model().namespace(), run.model().name())
        != null) {
      // What it migrates is about to be another file.
      run.writer().postpone();
      return;
    }
    if (BackupsAtWork.of(run.writer().client(), run.instance()) != null) {
      // Whoever migrates would wait for its locks, and others behind him. The Job's end wakes us.
      return;
    }
    if (run.writer().pods().stream().anyMatch(p -> atWork(run, p))) {
      // Of a Job that is gone. SQLite keeps two of them apart only while one of them writes.
      return;
    }
    SchemaBackup backup = schema.backup(run);
    if (backup != null && !backup.state(run).done()) {
      backup.ask(run);
      return;
    }
    schema.jobs().stream()
        .filter(j -> j.getMetadata().getDeletionTimestamp() == null)
        .forEach(run.writer()::delete);
    Place place =
        run.active().backend() == Backend.SQLITE
            ? VolumeNode.of(run.writer().pods(), run.model().names())
            : null;
    Job job = schema.job(place);
    run.writer().create(backup == null ? job : backup.before(job));
  }

  private static boolean atWork(Run run, Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null
        && labels.entrySet().containsAll(Labels.of(run.instance(), SchemaJob.COMPONENT).entrySet())
        && PodsInTheWay.live(pod);
  }

  private static boolean recordIsSeen(Run run) {
    ConfigMap live = run.writer().live(ConfigMap.class, run.model().names().schemaRecord());
    return SchemaRecord.of(live).equals(SchemaRecord.of(run.observed().schemaRecord()));
  }

  private static void record(Run run, Job job) {
    boolean failed = JobOutcome.of(job) != JobOutcome.COMPLETE;
    SchemaWords words = SchemaWords.of(run, job).after(failed ? backup(run, job) : null);
    SchemaRecord record =
        new SchemaRecord(
            job.getMetadata().getUid(),
            SchemaAsk.of(job),
            Objects.requireNonNullElse(Annotations.get(job, Annotations.EPOCH), ""),
            failed ? words.reason() : "",
            !failed || SchemaRecord.of(run.observed().schemaRecord()).once(),
            words.report());
    run.writer().apply(record.desired(run.model()), run.observed().schemaRecord());
  }

  /** The backup that was made before a Job, or null. */
  private static @Nullable String backup(Run run, Job job) {
    String name = Annotations.get(job, Annotations.SCHEMA_BACKUP);
    return name == null || run.writer().live(StorageBackup.class, name) == null ? null : name;
  }
}
