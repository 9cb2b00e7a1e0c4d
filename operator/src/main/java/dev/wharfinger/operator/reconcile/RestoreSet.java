package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.BootstrapSpec;
import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.dependent.BackupClaim;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.model.BucketSecrets;
import dev.wharfinger.operator.model.RestoreSource;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which set {@code bootstrap.restoreFrom} means. It is looked for once, before there is a volume;
 * from then on the volume's claim says it.
 *
 * @param source the set; null where there is an obstacle
 * @param obstacle why it cannot be restored, now or at all
 */
record RestoreSet(@Nullable RestoreSource source, StepResult obstacle) {
  /** Neither records of backups nor claims of others bring an event. */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private static final String ANOTHER =
      "delete this StorageInstance, which has no volume yet, and make it again with another set";

  private static final String SAID = ", said by claimName or s3, and path and id";

  /** Looks. */
  static RestoreSet of(Run run, BootstrapSpec.RestoreFrom asked, Backend backend) {
    String path = Objects.requireNonNullElse(asked.path(), "");
    String id = Objects.requireNonNullElse(asked.id(), "");
    if (asked.claimName() != null) {
      return there(run, RestoreSource.onClaim(run.instance(), asked.claimName(), path, id));
    }
    return asked.s3() != null
        ? there(run, RestoreSource.inBucket(run.instance(), asked.s3(), path, id))
        : recorded(run, Objects.requireNonNullElse(asked.backupName(), ""), backend);
  }

  private static RestoreSet recorded(Run run, String name, Backend backend) {
    StorageBackup backup = run.writer().live(StorageBackup.class, name);
    if (backup == null) {
      return missing(
          "StorageBackup " + name + " is not there; if its record is gone, " + ANOTHER + SAID);
    }
    BackupResult ended = BackupResult.of(backup);
    if (ended == null) {
      return missing("StorageBackup " + name + " has not ended yet");
    }
    StorageBackupStatus facts = ended.facts();
    StorageBackupStatus.Target target = facts.target();
    String id = facts.setId();
    if (facts.phase() == BackupPhase.SUSPICIOUS) {
      return refused(
          "StorageBackup "
              + name
              + " is Suspicious: it has much less than the one before; if it is what you want, "
              + ANOTHER
              + SAID);
    }
    if (facts.phase() != BackupPhase.COMPLETED || target == null || id == null) {
      return refused("StorageBackup " + name + " tells of no set; " + ANOTHER);
    }
    if (!backend.value().equals(facts.backend())) {
      return refused(
          "StorageBackup %s is of %s, and a set is restored on the backend it is of: make the StorageInstance with backend: %s, and set backend to %s when it is Ready"
              .formatted(name, facts.backend(), facts.backend(), backend));
    }
    if (target.claim() != null) {
      return there(run, RestoreSource.onClaim(run.instance(), target.claim(), target.prefix(), id));
    }
    BackupDecision decision = BackupDecision.of(backup);
    S3TargetSpec s3 = decision == null ? null : decision.target().s3();
    return s3 == null
        ? refused(
            "StorageBackup "
                + name
                + " does not say any more how its bucket is reached; "
                + ANOTHER
                + SAID)
        : there(run, RestoreSource.inBucket(run.instance(), s3, target.prefix(), id));
  }

  private static RestoreSet there(Run run, RestoreSource source) {
    StepResult obstacle = reachable(run, source);
    return new RestoreSet(obstacle.done() ? source : null, obstacle);
  }

  /** Whether the claim with the sets is there, or the Secrets that their bucket is reached with. */
  static StepResult reachable(Run run, RestoreSource source) {
    StepResult files = place(run, source.files());
    if (!files.done()) {
      return files;
    }
    if (source.s3() != null) {
      BootstrapSpec.RestoreFrom asked = RestoreSource.asked(run.instance());
      return reachable(
          run,
          source.s3(),
          asked == null || asked.s3() == null ? "the bucket's" : "bootstrap.restoreFrom.s3");
    }
    return run.writer().live(PersistentVolumeClaim.class, Objects.requireNonNull(source.claim()))
            == null
        ? StepResult.waiting(
                "RestoreSourceMissing",
                "claim " + source.claim() + ", which has the set, is not there; bring it back")
            .lookAgain(LOOK_AGAIN)
        : StepResult.DONE;
  }

  /** Nothing is replaced there; but who has data has files that are about to be there. */
  private static StepResult place(Run run, @Nullable String files) {
    if (files == null) {
      return StepResult.DONE;
    }
    PersistentVolumeClaim claim = run.writer().live(PersistentVolumeClaim.class, files);
    if (claim != null && !BackupClaim.holdsData(claim)) {
      return StepResult.DONE;
    }
    return StepResult.waiting(
            "RestoreSourceMissing",
            "claim "
                + files
                + ", which bootstrap.restoreFrom.filesClaimName names, "
                + (claim == null
                    ? "is not there: make it"
                    : "holds the data of a StorageInstance: name another one"))
        .lookAgain(LOOK_AGAIN);
  }

  private static StepResult reachable(Run run, S3TargetSpec s3, String field) {
    try {
      BucketSecrets.require(s3, field, name -> run.writer().live(Secret.class, name));
      return StepResult.DONE;
    } catch (StalledException e) {
      return StepResult.waiting("RestoreSourceMissing", e.explanation()).lookAgain(LOOK_AGAIN);
    }
  }

  private static RestoreSet missing(String message) {
    return new RestoreSet(
        null, StepResult.waiting("RestoreSourceMissing", message).lookAgain(LOOK_AGAIN));
  }

  private static RestoreSet refused(String message) {
    return new RestoreSet(null, StepResult.stop("RestoreRefused", message));
  }
}
