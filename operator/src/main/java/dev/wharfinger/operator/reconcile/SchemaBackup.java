package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupSpec;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The backup of PostgreSQL before its schema is migrated: a StorageBackup like one that a person
 * makes. It belongs to nobody and stays, and deleting it has it made again.
 *
 * @param name of the StorageBackup; each Job has one of its own
 */
record SchemaBackup(String name) {

  /** How far it is; done where there is a set. */
  StepResult state(Run run) {
    StorageBackup backup = run.writer().live(StorageBackup.class, name);
    if (backup == null) {
      return StepResult.waiting(
          "SchemaMigrating", "StorageBackup " + name + " is to be made first");
    }
    if (!backup.getSpec().instanceRef().name().equals(run.model().name())) {
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
    return result.facts().phase() == BackupPhase.FAILED
        ? StepResult.stop(
            "BackupFailed",
            "the schema is not migrated, because StorageBackup "
                + name
                + " failed: "
                + result.message()
                + "; mend the cause and delete that StorageBackup, or say schemaMigrations.backupFirst: false")
        : StepResult.DONE;
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
