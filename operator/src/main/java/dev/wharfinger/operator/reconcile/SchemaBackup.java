package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupSpec;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The backup of PostgreSQL before its schema is migrated: a StorageBackup like one that a person
 * makes. It belongs to nobody and stays, and deleting it has it made again.
 *
 * @param name of the StorageBackup; each Job has one of its own
 * @param now when it is looked at
 */
record SchemaBackup(String name, Instant now) {
  /** What was written since a set was made is not in it: after this another one is made. */
  private static final Duration GOOD_FOR = Duration.ofHours(1);

  /** How many that became too old before they were of use are looked for. */
  private static final int MOST = 16;

  /**
   * The one that comes before what is asked. Somebody may have asked the same days ago, and taken
   * it back when there was a set.
   */
  static SchemaBackup of(Run run, String ask, Instant now) {
    SchemaBackup backup = new SchemaBackup(run.model().names().schemaJob(ask), now);
    for (int i = 0; i < MOST; i++) {
      StorageBackup before = run.writer().live(StorageBackup.class, backup.name);
      BackupResult result = before == null || !of(run, before) ? null : BackupResult.of(before);
      if (before == null || result == null || !backup.tooOld(result)) {
        return backup;
      }
      // Which are too old the next run sees as this one does, without any record.
      String next = ask + before.getMetadata().getUid();
      backup = new SchemaBackup(run.model().names().schemaJob(next), now);
    }
    return backup;
  }

  private static boolean of(Run run, StorageBackup backup) {
    return backup.getSpec().instanceRef().name().equals(run.model().name());
  }

  /** How far it is; done where there is a set. */
  StepResult state(Run run) {
    StorageBackup backup = run.writer().live(StorageBackup.class, name);
    if (backup == null) {
      return StepResult.waiting(
          "SchemaMigrating", "StorageBackup " + name + " is to be made first");
    }
    if (!of(run, backup)) {
      return StepResult.stop(
          "NameConflict",
          "StorageBackup "
              + name
              + ", which is to be made before the schema is migrated, is another instance's; delete it");
    }
    BackupResult result = BackupResult.of(backup);
    if (result == null) {
      return StepResult.waiting(
          "SchemaMigrating", "StorageBackup " + name + " is made first" + said(backup));
    }
    if (result.facts().phase() == BackupPhase.FAILED) {
      return StepResult.stop(
          "BackupFailed",
          "the schema is not migrated, because StorageBackup "
              + name
              + " failed: "
              + result.message()
              + "; mend the cause and delete that StorageBackup, or say schemaMigrations.backupFirst: false");
    }
    return tooOld(result)
        ? StepResult.stop(
            "BackupFailed",
            "the schema is not migrated, because the set of StorageBackup "
                + name
                + " is too old by now, and so are those of "
                + MOST
                + " before it; delete that StorageBackup, and another is made")
        : StepResult.DONE;
  }

  private boolean tooOld(BackupResult result) {
    return tooOld(result.facts(), now);
  }

  /**
   * Whether there is a set, and what was there before a migration now is no more what it has.
   * Making it may take hours: then its end counts, unless its data is of before even that.
   */
  static boolean tooOld(StorageBackupStatus set, Instant now) {
    if (set.phase() == BackupPhase.FAILED) {
      return false;
    }
    Instant data = instant(set.consistentAt());
    Instant began = instant(set.startedAt());
    Instant ended = instant(set.finishedAt());
    if (data == null) {
      return true;
    }
    Instant since =
        began != null && ended != null && !data.isBefore(began) && data.isBefore(ended)
            ? ended
            : data;
    return since.isBefore(now.minus(GOOD_FOR));
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** A Job that comes after it, with its name. */
  Job before(Job job) {
    return job.edit()
        .editMetadata()
        .addToAnnotations(Annotations.SCHEMA_BACKUP, name)
        .endMetadata()
        .build();
  }

  /** What there is to say of the set of before a Job: data may have been gone by then. */
  static String doubt(Run run, @Nullable Job job) {
    String name = Annotations.get(job, Annotations.SCHEMA_BACKUP);
    return name != null
            && run.observed().backups().stream()
                .anyMatch(b -> b.getMetadata().getName().equals(name) && suspicious(b))
        ? "; the set of StorageBackup "
            + name
            + " of before is Suspicious: it has much less than the one before it"
        : "";
  }

  private static boolean suspicious(StorageBackup backup) {
    BackupResult result = BackupResult.of(backup);
    return result != null && result.facts().phase() == BackupPhase.SUSPICIOUS;
  }

  private static String said(StorageBackup backup) {
    Condition ready =
        backup.getStatus() == null
            ? null
            : Conditions.find(backup.getStatus().conditions(), Conditions.READY);
    @Nullable String message = ready == null ? null : ready.getMessage();
    return message == null || message.isEmpty() ? "" : ": " + message;
  }

  /** Asks for it, where nobody has. */
  void ask(Run run) {
    if (run.writer().live(StorageBackup.class, name) != null) {
      return;
    }
    StorageBackup backup = new StorageBackup();
    backup.setMetadata(
        new ObjectMetaBuilder().withName(name).withNamespace(run.model().namespace()).build());
    backup.setSpec(new StorageBackupSpec(new LocalRef(run.model().name())));
    run.writer().client().resource(backup).create();
  }
}
