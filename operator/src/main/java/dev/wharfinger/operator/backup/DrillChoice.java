package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus.Totals;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.DrillSource;
import dev.wharfinger.operator.model.BackupModel;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the set of a StorageBackup is tried.
 *
 * @param source what a Job has to know; null where it cannot be tried
 * @param impossible why, and the way out; null where it can
 */
public record DrillChoice(@Nullable DrillSource source, @Nullable String impossible) {
  private static final Duration USUAL = Duration.ofHours(1);

  /** A try restores, compares, copies and checks: more than the backup did. */
  private static final int LONGER = 3;

  private static final long MEBIBYTE = 1 << 20;
  private static final long LEAST = 1024;

  /**
   * What is known without a look at the target.
   *
   * @param backup one that is completed
   */
  public static DrillChoice of(StorageInstance instance, DrillPolicy policy, StorageBackup backup) {
    BackupResult ended = BackupResult.of(backup);
    StorageBackupStatus facts = ended == null ? Facts.NONE : ended.facts();
    StorageBackupStatus.Target target = facts.target();
    String set = facts.setId();
    String name = "StorageBackup " + backup.getMetadata().getName();
    if (target == null || set == null) {
      return cannot(name + " does not say any more where its set is; make another StorageBackup");
    }
    if (!Backend.SQLITE.value().equals(facts.backend())) {
      return cannot(
          "the newest set, of "
              + name
              + ", is of "
              + facts.backend()
              + ", and the operator restores only sets of SQLite for a try: do it with the command drill into an empty"
              + " database, and remove backup.drill");
    }
    if (facts.recipients() != null && !facts.recipients().isEmpty() && policy.identity() == null) {
      return cannot(
          "the newest set, of "
              + name
              + ", is encrypted: name the Secret with a private key in backup.drill.identitySecretRef; or, to keep the key"
              + " out of the cluster, remove backup.drill and run the command drill where the key is");
    }
    S3TargetSpec s3 = target.claim() == null ? bucket(instance, backup) : null;
    if (target.claim() == null && s3 == null) {
      return cannot(name + " does not say any more how its bucket is reached");
    }
    BackupModel options = BackupModel.of(instance);
    return new DrillChoice(
        new DrillSource(
            target.claim(),
            s3,
            target.prefix(),
            set,
            room(policy, facts.totals()),
            facts.recipients() == null || facts.recipients().isEmpty() ? null : policy.identity(),
            policy.identityKey(),
            (options == null ? USUAL : options.timeout()).multipliedBy(LONGER)),
        null);
  }

  private static DrillChoice cannot(String why) {
    return new DrillChoice(null, why);
  }

  /** As the spec reaches it now, if that is the same one: keys may be in another Secret since. */
  private static @Nullable S3TargetSpec bucket(StorageInstance instance, StorageBackup backup) {
    BackupDecision decision = BackupDecision.of(backup);
    S3TargetSpec then = decision == null ? null : decision.target().s3();
    BackupModel options = BackupModel.of(instance);
    S3TargetSpec now = options == null ? null : options.target().s3();
    return then != null
            && now != null
            && then.bucket().equals(now.bucket())
            && Objects.equals(then.endpoint(), now.endpoint())
        ? now
        : then;
  }

  private static Quantity room(DrillPolicy policy, @Nullable Totals totals) {
    if (policy.sizeLimit() != null) {
      return new Quantity(policy.sizeLimit());
    }
    long bytes = totals == null ? 0 : 2 * (totals.bytes() + totals.storedBytes());
    return new Quantity(Math.max(LEAST, Math.ceilDiv(bytes, MEBIBYTE)) + "Mi");
  }
}
