package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.model.Durations;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a backup ended, judged by its Job and by what the runner has said. */
public final class BackupJudgement {
  /** What would be refused again: only a person can help. */
  static final String REFUSED = "BackupRefused";

  /** Nobody knows whether there is a set. */
  static final String LOST = "AgentLost";

  private BackupJudgement() {}

  /**
   * The end of a Job that has ended.
   *
   * @param report what its youngest pod has said; null where that is not known
   * @param words what that pod has said instead, without secrets; empty where nothing is known
   * @return null where the Job ended well and nobody can tell what it made: the target knows
   */
  public static @Nullable BackupResult of(
      StorageBackup backup, Job job, @Nullable BackupReport report, String words) {
    StorageBackupStatus facts = Facts.of(backup, job);
    if (report != null && report.completed()) {
      // Even where the Job failed: it may have been ended between the last word and its exit.
      return completed(report, Objects.requireNonNull(report.set()), Facts.with(facts, report));
    }
    if (JobOutcome.of(job) == JobOutcome.COMPLETE) {
      return null;
    }
    if (timedOut(job)) {
      return BackupResult.end(
          BackupPhase.FAILED,
          "BackupTimeout",
          "the backup did not end within "
              + Durations.words(deadline(job))
              + said(words)
              + "; "
              + perhaps(facts)
              + "; raise backup.timeout if it needs longer, and make another StorageBackup",
          facts);
    }
    if (report == null) {
      return BackupResult.end(
          BackupPhase.FAILED,
          "BackupFailed",
          "the Job's pods ended without a word of the runner"
              + said(words)
              + "; "
              + perhaps(facts)
              + "; make another StorageBackup",
          facts);
    }
    String said = (report.reason().isEmpty() ? "" : report.reason() + ": ") + report.message();
    // Another StorageBackup has another id, so trying again helps there.
    return report.outcome().equals("refused") && !report.reason().equals("id-in-use")
        ? BackupResult.end(
            BackupPhase.FAILED,
            "BackupRefused",
            "the last try made no set, and trying again cannot help: "
                + said
                + "; mend that, and make another StorageBackup",
            Facts.with(facts, report))
        : BackupResult.end(
            BackupPhase.FAILED,
            "BackupFailed",
            "no try is known to have made a set: "
                + said
                + "; "
                + perhaps(facts)
                + "; make another StorageBackup",
            Facts.with(facts, report));
  }

  /** Its Jobs went away again and again, or may not be made once more. */
  public static BackupResult lost(StorageBackup backup, String why) {
    StorageBackupStatus facts = Facts.of(backup, null);
    return BackupResult.end(
        BackupPhase.FAILED,
        "AgentLost",
        "its Job is gone, and nobody has heard how it ended: "
            + why
            + "; "
            + perhaps(facts)
            + "; make another StorageBackup",
        facts);
  }

  /** Whoever is killed between the last object and the last word leaves a good set. */
  private static String perhaps(StorageBackupStatus facts) {
    StorageBackupStatus.Target target = facts.target();
    return "the command list tells whether "
        + (target == null
            ? "the target"
            : "folder "
                + target.prefix()
                + (target.bucket() == null
                    ? " of claim " + target.claim()
                    : " of bucket "
                        + target.bucket()
                        + (target.endpoint() == null ? "" : " at " + target.endpoint())))
        + " has the set"
        + (facts.setId() == null ? "" : " " + facts.setId());
  }

  /** The schedule made it, and its instance was deleted before it could begin. */
  public static BackupResult notBegun(StorageBackup backup) {
    return BackupResult.end(
        BackupPhase.FAILED,
        "InstanceNotFound",
        "the StorageInstance "
            + backup.getSpec().instanceRef().name()
            + " whose schedule asked for it is gone, or going, and nobody knows of a Job that was made for"
            + " it; delete this record if you need it no more",
        Facts.NONE);
  }

  private static BackupResult completed(
      BackupReport report, BackupReport.SetFacts set, StorageBackupStatus facts) {
    return set.suspicious()
        ? BackupResult.end(
            BackupPhase.SUSPICIOUS,
            "Suspicious",
            "the set is there and was read back, but has much less than the one before: "
                + report.warnings().stream()
                    .filter(w -> w.code().equals("suspicious"))
                    .map(StorageBackupStatus.Warning::detail)
                    .findFirst()
                    .orElse("see its warnings")
                + "; look before you let older sets go",
            facts)
        : BackupResult.end(
            BackupPhase.COMPLETED,
            "Completed",
            "every object of the set was read back from the target and is what was written",
            facts);
  }

  private static String said(String words) {
    return words.isEmpty() ? "" : ": " + words;
  }

  private static boolean timedOut(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(
                c -> "Failed".equals(c.getType()) && "DeadlineExceeded".equals(c.getReason()));
  }

  private static Duration deadline(Job job) {
    Long seconds = job.getSpec() == null ? null : job.getSpec().getActiveDeadlineSeconds();
    return Duration.ofSeconds(seconds == null ? 0 : seconds);
  }
}
