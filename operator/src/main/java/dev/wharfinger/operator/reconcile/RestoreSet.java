package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.BootstrapSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.model.RestoreSource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
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

  /** Looks. */
  static RestoreSet of(Run run, BootstrapSpec.RestoreFrom asked, Backend backend) {
    String claim = asked.claimName();
    return claim == null
        ? recorded(run, Objects.requireNonNullElse(asked.backupName(), ""), backend)
        : there(
            run,
            RestoreSource.of(
                run.instance(),
                claim,
                Objects.requireNonNullElse(asked.path(), ""),
                Objects.requireNonNullElse(asked.id(), "")));
  }

  private static RestoreSet recorded(Run run, String name, Backend backend) {
    StorageBackup backup = run.writer().live(StorageBackup.class, name);
    if (backup == null) {
      return missing(
          "StorageBackup "
              + name
              + " is not there; if its record is gone, "
              + ANOTHER
              + ", said by claimName, path and id");
    }
    BackupResult ended = BackupResult.of(backup);
    if (ended == null) {
      return missing("StorageBackup " + name + " has not ended yet");
    }
    StorageBackupStatus facts = ended.facts();
    StorageBackupStatus.Target target = facts.target();
    String claim = target == null ? null : target.claim();
    String id = facts.setId();
    if (facts.phase() == BackupPhase.SUSPICIOUS) {
      return refused(
          "StorageBackup "
              + name
              + " is Suspicious: it has much less than the one before; if it is what you want, "
              + ANOTHER
              + ", said by claimName, path and id");
    }
    if (facts.phase() != BackupPhase.COMPLETED || claim == null || target == null || id == null) {
      return refused(
          "StorageBackup "
              + name
              + " tells of no set on a claim (of one in a bucket, copy the folder of its instance onto a claim);"
              + " "
              + ANOTHER);
    }
    if (!backend.value().equals(facts.backend())) {
      return refused(
          "StorageBackup %s is of %s, and a set is restored on the backend it is of: make the StorageInstance with backend: %s, and set backend to %s when it is Ready"
              .formatted(name, facts.backend(), facts.backend(), backend));
    }
    return there(run, RestoreSource.of(run.instance(), claim, target.prefix(), id));
  }

  private static RestoreSet there(Run run, RestoreSource source) {
    StepResult obstacle = claim(run, source);
    return new RestoreSet(obstacle.done() ? source : null, obstacle);
  }

  /** Whether the claim with the sets is there. */
  static StepResult claim(Run run, RestoreSource source) {
    return run.writer().live(PersistentVolumeClaim.class, source.claim()) == null
        ? StepResult.waiting(
                "RestoreSourceMissing",
                "claim " + source.claim() + ", which has the set, is not there; bring it back")
            .lookAgain(LOOK_AGAIN)
        : StepResult.DONE;
  }

  private static RestoreSet missing(String message) {
    return new RestoreSet(
        null, StepResult.waiting("RestoreSourceMissing", message).lookAgain(LOOK_AGAIN));
  }

  private static RestoreSet refused(String message) {
    return new RestoreSet(null, StepResult.stop("RestoreRefused", message));
  }
}
