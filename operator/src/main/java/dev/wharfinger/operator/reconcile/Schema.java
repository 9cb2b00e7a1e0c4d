package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import dev.wharfinger.operator.dependent.SchemaRecord;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.job.SchemaAsk;
import dev.wharfinger.operator.job.SchemaJob;
import dev.wharfinger.operator.job.SchemaReport;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.SchemaModel;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The schema migrations of an instance outside of moves, as a run found them: what is asked for,
 * what was done last, and the Job in between.
 *
 * @param model what the spec says, or null where it says nothing any more
 * @param asked whether what would be run matters now
 * @param source what would be run
 * @param record what was done last
 * @param done what that was asked
 * @param jobs all Jobs of it
 * @param active the backend that holds the data, and since which move
 * @param instance whose schema it is
 * @param now when that was
 */
record Schema(
    @Nullable SchemaModel model,
    boolean asked,
    SchemaSource source,
    SchemaRecord record,
    SchemaAsk done,
    List<Job> jobs,
    ActiveBackend active,
    InstanceModel instance,
    Instant now) {
  /** Type of the condition. */
  static final String TYPE = "SchemaMigrated";

  /**
   * Looks.
   *
   * @param commands whether the operator runs commands in the image of an application
   * @param now when that is
   * @return null where nothing is asked for and nothing was ever done
   */
  static @Nullable Schema of(
      InstanceModel instance,
      ActiveBackend active,
      Observed observed,
      Writer writer,
      boolean commands,
      Instant now) {
    SchemaModel model = SchemaModel.of(instance, active);
    SchemaRecord record = SchemaRecord.of(observed.schemaRecord());
    SchemaAsk done = record.ask().done(instance.instance());
    List<Job> jobs = jobs(observed.jobs(), record);
    boolean asked =
        model != null
            && (model.always()
                || SchemaAsk.byHand(instance.instance(), done, model.command() == null));
    if (!asked && jobs.isEmpty() && (model == null || record.equals(SchemaRecord.NONE))) {
      return null;
    }
    SchemaSource source =
        model != null && asked
            ? SchemaSource.of(instance, model, writer, commands)
            : SchemaSource.UNSEEN;
    return new Schema(model, asked, source, record, done, jobs, active, instance, now);
  }

  /** The oldest first; of the same second the one that is recorded. */
  private static List<Job> jobs(List<Job> all, SchemaRecord record) {
    return all.stream()
        .filter(j -> SchemaJob.COMPONENT.equals(j.getMetadata().getLabels().get(Labels.COMPONENT)))
        .sorted(
            Comparator.comparing((Job j) -> j.getMetadata().getCreationTimestamp())
                .thenComparing(j -> !j.getMetadata().getUid().equals(record.job())))
        .toList();
  }

  /** A Job that has not ended, or null. */
  @Nullable Job running() {
    return jobs.stream().filter(j -> !JobOutcome.of(j).ended()).findFirst().orElse(null);
  }

  /** The youngest Job that has ended, if no record tells of it yet; or null. */
  @Nullable Job unrecorded() {
    Job last = jobs.isEmpty() ? null : jobs.getLast();
    return last == null
            || !JobOutcome.of(last).ended()
            || last.getMetadata().getUid().equals(record.job())
        ? null
        : last;
  }

  /** The Job that the record tells of, or null where it is gone. */
  private @Nullable Job recorded() {
    return jobs.stream()
        .filter(j -> j.getMetadata().getUid().equals(record.job()))
        .findFirst()
        .orElse(null);
  }

  /** Whether another Job is to be made. */
  boolean due() {
    SchemaAsk now = ask();
    return model != null && now != null && now.due(done, model.always());
  }

  /** Whether a Job that was made does something else than is asked for by now. */
  boolean outdated(Job job) {
    if (model == null) {
      return true;
    }
    SchemaAsk now = ask();
    if (now == null) {
      return false;
    }
    SchemaAsk made = SchemaAsk.of(job);
    return !now.content().equals(made.content()) || now.due(made, model.always());
  }

  /** The backup that comes before what is due, or null where none does. */
  @Nullable SchemaBackup backup(Run run) {
    SchemaAsk ask = ask();
    // Of a database that nobody was ever told of there is nothing to back up.
    if (model == null || !model.backupFirst() || ask == null || !SchemaStep.everBound(run, this)) {
      return null;
    }
    // Never that of another Job, or of a namesake that was deleted.
    String uid = instance.instance().getMetadata().getUid();
    return SchemaBackup.of(
        run, uid + ask.content() + ask.migrate() + ask.repair() + record.job(), now);
  }

  private @Nullable SchemaAsk ask() {
    return model == null ? null : source.ask(instance, model);
  }

  /** The Job that does what is asked for. */
  Job job(@Nullable Place place) {
    return source.job(instance, Objects.requireNonNull(model), done, place);
  }

  /** Whether the instance waits for it. */
  boolean blocking() {
    return model != null && model.blocking();
  }

  /** Whether a new instance is bound only with its schema migrated. */
  boolean beforeBinding() {
    return model != null && model.beforeBinding();
  }

  /** Files and applications carry no label of ours, and no event tells that they changed. */
  boolean looksAgain() {
    return asked;
  }

  /** How far it is; nothing is written. */
  StepResult state(Run run) {
    Job job = running();
    if (job != null || unrecorded() != null) {
      return job == null
          ? StepResult.waiting("SchemaMigrating", "what the Job has said is being recorded")
          : migrating(run, job);
    }
    if (source.refused() != null) {
      return source.refused();
    }
    if (asked && run.model().endpoint().socket()) {
      return StepResult.stop(
          "SchemaNotReachable",
          "the server is reached by a socket of the application's own pod, which no Job can use: have the application"
              + " migrate its schema, and remove schemaMigrations.run");
    }
    if (due()
        && Objects.requireNonNull(model).backupFirst()
        && run.external() != null
        && !SchemaStep.everBound(run, this)) {
      return StepResult.stop(
          "BackupFailed",
          "nobody can tell what is in the database of postgresql.external, and it is not backed up before the"
              + " application is bound to it: back it up yourself, and say schemaMigrations.backupFirst: false until the"
              + " instance is Ready");
    }
    if (due()) {
      SchemaBackup backup = backup(run);
      StepResult made = backup == null ? StepResult.DONE : backup.state(run);
      if (!made.done()) {
        return made;
      }
      return StepResult.waiting(
          "SchemaMigrating", tool() + " is to run on " + run.active().backend());
    }
    return failed() ? StepResult.stop(record.failure(), failure(run)) : StepResult.DONE;
  }

  /** Of another backend it says nothing. */
  private boolean failed() {
    return model != null && record.failed() && current();
  }

  private boolean current() {
    return record.epoch().equals(Integer.toString(active.epoch()));
  }

  /** Who migrates. */
  private String tool() {
    if (command()) {
      return "schemaMigrations.command";
    }
    return "Flyway";
  }

  private boolean command() {
    return model != null && model.command() != null;
  }

  private StepResult migrating(Run run, Job job) {
    String name = job.getMetadata().getName();
    StepResult trouble =
        PodDiagnosis.any(run.observed().pods(), "job-name", name)
            // What an application's exit code means nobody here knows.
            ? PodDiagnosis.notStarted(run.observed().pods(), "job-name", name)
                .orElse(StepResult.DONE)
            : run.writer().missingPod(job, StepResult.DONE);
    return StepResult.waiting(
        "SchemaMigrating",
        "Job "
            + name
            + " runs "
            + tool()
            + " on "
            + run.active().backend()
            + (trouble.done() ? "" : ": " + trouble.words() + "; delete the Job to give it up")
            + SchemaBackup.doubt(run, job));
  }

  private String failure(Run run) {
    String said = record.report().message();
    String copy = record.report().copy();
    return "the schema could not be migrated: "
        + (said.isEmpty() ? "its Job was ended before it could say why" : said)
        + (copy == null
            ? ""
            : "; the data of before is in file "
                + copy
                + " on claim "
                + run.model().names().dataClaim())
        + SchemaBackup.doubt(run, recorded())
        + (command() ? "; bring an image that can" : "; correct the files")
        + ", or have it tried again as it is by another text in the annotation "
        + Annotations.MIGRATE_SCHEMA;
  }

  /** The condition that says so, or null where there is nothing to say of this backend. */
  @Nullable Condition condition(Run run) {
    StepResult state = state(run);
    if (state instanceof StepResult.Wait wait) {
      return Conditions.advice(TYPE, Conditions.FALSE, wait.reason(), wait.message());
    }
    if (state instanceof StepResult.Stop stop) {
      return Conditions.advice(TYPE, Conditions.FALSE, stop.reason(), stop.message());
    }
    if (model == null || !current() || record.job().isEmpty()) {
      return null;
    }
    String revision = record.report().revision();
    return Conditions.advice(
        TYPE,
        Conditions.TRUE,
        "SchemaUpToDate",
        tool()
            + " has run on "
            + run.active().backend()
            + (revision == null ? "" : "; the schema is of version " + revision)
            + SchemaBackup.doubt(run, recorded()));
  }

  /** For the status, or null where nothing was done on the backend that is bound. */
  static StorageInstanceStatus.@Nullable Schema status(Observed observed) {
    SchemaRecord record = SchemaRecord.of(observed.schemaRecord());
    int bound = Math.max(1, Annotations.epoch(observed.binding()));
    if (observed.binding() == null || !record.epoch().equals(Integer.toString(bound))) {
      return null;
    }
    SchemaReport report = record.report();
    return report.revision() == null && report.copy() == null
        ? null
        : new StorageInstanceStatus.Schema(report.tool(), report.revision(), report.copy());
  }
}
