package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.SqliteClaim;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.SqliteInitJob;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.RestoredData;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Clock;
import java.util.Objects;

/**
 * The SQLite volume and its files, while they hold the data. After a move the volume is left
 * exactly as it is.
 */
final class SqliteStep implements Step {
  private final RestoreStep restore;

  SqliteStep(Clock clock) {
    this.restore = new RestoreStep(clock);
  }

  @Override
  public StepResult run(Run run) {
    if (run.active().backend() != Backend.SQLITE || run.model().sqlite().inMemory()) {
      return StepResult.DONE;
    }
    PersistentVolumeClaim claim = run.observed().dataClaim();
    if (claim == null) {
      if (run.observed().binding() != null || cameFromPostgresql(run)) {
        if (run.writer()
            .exists(
                PersistentVolumeClaim.class,
                run.model().names().dataClaim(),
                Labels.of(run.instance(), SqliteClaim.COMPONENT))) {
          return StepResult.waiting("Provisioning", "the volume's claim is not seen yet");
        }
        return StepResult.stop(
            "DataMissing",
            "claim "
                + run.model().names().dataClaim()
                + " is gone, and with it the data of an instance that was in use; restore the claim, or delete this"
                + " StorageInstance and make a new one to start empty");
      }
      return RestoreStep.claim(run);
    }
    if (claim.getMetadata().getDeletionTimestamp() != null) {
      return terminating(claim);
    }
    StepResult restored = restore.files(run, claim);
    return restored.done() ? files(run) : restored;
  }

  private static StepResult terminating(PersistentVolumeClaim claim) {
    return StepResult.stop(
        "ClaimTerminating",
        "claim "
            + claim.getMetadata().getName()
            + " was deleted and goes with its last pod; copy the data away before that pod ends");
  }

  /** A volume that a move can bring the data to; one of before is as good. */
  StepResult claim(Run run) {
    PersistentVolumeClaim claim = run.observed().dataClaim();
    if (claim == null) {
      run.writer().create(SqliteClaim.desired(run.model()));
      return StepResult.waiting("Migrating", "a volume for SQLite is being claimed");
    }
    return claim.getMetadata().getDeletionTimestamp() == null
        ? StepResult.DONE
        : terminating(claim);
  }

  /**
   * Data that was used, restored or adopted must be there: an empty file in its place would hide
   * the loss.
   */
  private static boolean inUseBefore(Run run) {
    return run.observed().binding() != null
        || cameFromPostgresql(run)
        || RestoredData.on(run.observed().dataClaim())
        || Annotations.get(run.instance(), Annotations.ADOPT) != null;
  }

  /** Whether the server's claim says that its data went to a file. */
  private static boolean cameFromPostgresql(Run run) {
    return Annotations.superseded(run.observed().serverClaim()) > 0;
  }

  private static StepResult files(Run run) {
    String name = SqliteInitJob.name(run.model());
    JobOutcome outcome = JobOutcome.of(run.observed().job(name));
    return switch (outcome) {
      case ABSENT -> {
        run.writer().create(SqliteInitJob.desired(run.model(), inUseBefore(run)));
        yield StepResult.waiting("Provisioning", "the database files are being made");
      }
      case RUNNING -> making(run, name);
      case COMPLETE -> StepResult.DONE;
      case REFUSED ->
          SqliteInitJob.onNetwork(run.observed().job(name))
              ? StepResult.stop(
                  "NetworkFileSystem",
                  "claim "
                      + run.model().names().dataClaim()
                      + " is on a network file system (NFS, CIFS, 9p or FUSE), on which sqlite.journalMode WAL can lose"
                      + " data; make a StorageInstance with a sqlite.storage.storageClassName of local or block volumes,"
                      + " or set sqlite.journalMode: DELETE")
              : StepResult.stop(
                  "DataMissing",
                  "the volume lacks "
                      + run.model().sqlite().mainDatabase()
                      + ", the main database of an instance that was in use; restore the file, then delete Job "
                      + name);
      case FAILED ->
          StepResult.stop(
              "InitFailed",
              "Job "
                  + name
                  + " could not make the database files: "
                  + PodDiagnosis.lastWords(run.observed().pods(), "job-name", name)
                  + "; mend the cause, then delete the Job");
    };
  }

  private static StepResult making(Run run, String job) {
    StepResult making = StepResult.waiting("Provisioning", "the database files are being made");
    return PodDiagnosis.any(run.observed().pods(), "job-name", job)
        ? PodDiagnosis.of(run.observed().pods(), "job-name", job).orElse(making)
        : run.writer().missingPod(Objects.requireNonNull(run.observed().job(job)), making);
  }
}
