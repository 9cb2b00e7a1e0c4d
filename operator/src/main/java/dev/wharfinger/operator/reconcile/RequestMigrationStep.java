package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Back;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.BindingTemplate;
import dev.wharfinger.operator.model.StalledException;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a move when the spec names another backend, and takes it back when the spec goes back.
 */
final class RequestMigrationStep implements Step {
  private final SqliteStep sqlite;
  private final PostgresqlStep postgresql;

  RequestMigrationStep(SqliteStep sqlite, PostgresqlStep postgresql) {
    this.sqlite = sqlite;
    this.postgresql = postgresql;
  }

  @Override
  public StepResult run(Run run) {
    StorageMigration migration = run.migration();
    if (run.model().requested() == run.active().backend()) {
      if (migration != null) {
        cancel(run, migration);
      }
      return StepResult.DONE;
    }
    if (Suspension.asked(run)) {
      return Suspension.noMove(run);
    }
    if (migration == null) {
      StepResult refused = refused(run);
      if (refused != null) {
        return refused;
      }
      String schema = run.writer().migratingSchema();
      if (schema != null) {
        return StepResult.waiting(
            "Migrating",
            "the move to "
                + run.model().requested()
                + " begins when Job "
                + schema
                + " has migrated the schema");
      }
      String restore =
          RestoresAtWork.of(run.writer().client(), run.model().namespace(), run.model().name());
      if (restore != null) {
        return StepResult.waiting(
                "Migrating",
                "the move to " + run.model().requested() + " begins when " + restore + " has ended")
            .lookAgain(BackupsAtWork.LOOK_AGAIN);
      }
      StepResult prepared = postgresql.prepare(run);
      if (!prepared.done()) {
        return prepared;
      }
      run.writer().create(MigrationRequest.of(run));
      return StepResult.waiting("Migrating", "the move to " + run.model().requested() + " begins");
    }
    StepResult target =
        run.model().requested() == Backend.SQLITE ? sqlite.claim(run) : postgresql.provision(run);
    return target.done() ? Suspension.waitsFor(run, progress(migration)) : target;
  }

  private static @Nullable StepResult refused(Run run) {
    String back = "set backend back to " + run.active().backend();
    List<String> leftBehind = run.model().sqlite().leftBehind();
    if (!leftBehind.isEmpty()) {
      String names = String.join(", ", leftBehind);
      return StepResult.stop(
          "SeveralDatabases",
          "a move takes "
              + run.model().sqlite().mainDatabase()
              + " alone, and sqlite.databases names "
              + names
              + " too; if the application keeps using that as a file on the volume, name it in sqlite.unmovedDatabases"
              + " as well; else "
              + back);
    }
    if (run.model().requested() == Backend.SQLITE && run.model().sqlite().inMemory()) {
      return StepResult.stop(
          "NothingToMove", "sqlite.inMemory has no file that the data could be moved to; " + back);
    }
    if (MigrationRequest.back(run) == Back.ROLLBACK
        && Annotations.superseded(run.observed().dataClaim()) == 0) {
      return StepResult.stop(
          "NoRetainedFile",
          "migration.back is rollback, and there is no SQLite file of before to go back to; set migration.back to copy, or "
              + back);
    }
    PersistentVolumeClaim retained = run.observed().serverClaim();
    if (run.model().requested() == Backend.POSTGRESQL
        && retained != null
        && Annotations.superseded(retained) > 0
        && !consent(retained)
            .equals(Annotations.get(run.instance(), Annotations.REPLACE_RETAINED))) {
      return StepResult.stop(
          "RetainedDataInTheWay",
          "PostgreSQL still has the data of before it was moved to SQLite; to have it replaced, annotate this"
              + " StorageInstance with "
              + Annotations.REPLACE_RETAINED
              + ": "
              + consent(retained)
              + ", or "
              + back);
    }
    return unusableBinding(run);
  }

  /** The application comes back only with a binding for the new backend. */
  private static @Nullable StepResult unusableBinding(Run run) {
    try {
      BindingTemplate.check(run.model());
      return null;
    } catch (StalledException e) {
      return StepResult.stop(e.reason(), e.explanation() + "; the move waits for that");
    }
  }

  /** For this data alone: what PostgreSQL retains after another move asks for another word. */
  private static String consent(PersistentVolumeClaim retained) {
    return retained.getMetadata().getUid() + "/" + Annotations.superseded(retained);
  }

  private static StepResult progress(StorageMigration migration) {
    String name = "StorageMigration " + migration.getMetadata().getName();
    StorageMigrationStatus status = migration.getStatus();
    MigrationPhase phase = status == null ? null : status.phase();
    Condition stalled =
        status == null ? null : Conditions.find(status.conditions(), Conditions.STALLED);
    if (phase == MigrationPhase.FAILED || phase == MigrationPhase.ROLLED_BACK) {
      return StepResult.stop(
          "MigrationFailed",
          name
              + " ended "
              + phase.value()
              + " and the data is where it was: "
              + (stalled == null ? "see its conditions" : stalled.getMessage())
              + "; mend the cause and delete the StorageMigration to try again, or set backend back");
    }
    if (stalled != null && "True".equals(stalled.getStatus())) {
      return StepResult.stop(stalled.getReason(), name + ": " + stalled.getMessage());
    }
    return StepResult.waiting(
        "Migrating", name + " is in phase " + (phase == null ? "Requested" : phase.value()));
  }

  /**
   * The annotation is the record: a move that was taken back never goes forward again, whatever the
   * spec says later.
   */
  private static void cancel(Run run, StorageMigration migration) {
    run.writer()
        .merge(
            migration,
            "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}".formatted(Annotations.CANCELLED));
  }
}
