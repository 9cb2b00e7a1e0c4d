package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.SetAddress;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The plain facts of a status, without phase and conditions. */
public final class Facts {
  /** Level of a set whose every object was read back from the target and compared. */
  static final String HASH_VERIFIED = "HashVerified";

  /** Nothing is known. */
  static final StorageBackupStatus NONE =
      new StorageBackupStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  private Facts() {}

  /**
   * While it is being made.
   *
   * @param job null before there is one, and after it was cleaned up: what was decided stays known
   */
  public static StorageBackupStatus of(StorageBackup backup, @Nullable Job job) {
    BackupDecision decision = BackupDecision.of(backup);
    if (decision == null) {
      decision = BackupDecision.on(job, backup);
    }
    if (job == null && decision == null) {
      return NONE;
    }
    return new StorageBackupStatus(
        null,
        null,
        decision == null ? null : decision.set().backend().value(),
        decision == null ? null : decision.place(),
        SetAddress.id(backup),
        job == null ? null : job.getMetadata().getName(),
        job == null || job.getStatus() == null ? null : job.getStatus().getStartTime(),
        null,
        job == null ? null : finishedAt(job),
        null,
        null,
        null,
        null,
        null);
  }

  /** The same with what the runner has said of the set. */
  static StorageBackupStatus with(StorageBackupStatus job, BackupReport report) {
    BackupReport.SetFacts set = report.set();
    return new StorageBackupStatus(
        null,
        null,
        job.backend(),
        job.target(),
        job.setId(),
        job.job(),
        job.startedAt(),
        set == null ? null : set.consistentAt(),
        job.finishedAt(),
        set == null ? null : set.totals(),
        set == null || set.recipients().isEmpty() ? null : List.copyOf(set.recipients()),
        set == null ? null : HASH_VERIFIED,
        report.warnings().isEmpty() ? null : report.warnings(),
        null);
  }

  private static @Nullable String finishedAt(Job job) {
    if (job.getStatus() == null) {
      return null;
    }
    if (job.getStatus().getCompletionTime() != null) {
      return job.getStatus().getCompletionTime();
    }
    return job.getStatus().getConditions() == null
        ? null
        : job.getStatus().getConditions().stream()
            .filter(c -> "Failed".equals(c.getType()) && "True".equals(c.getStatus()))
            .map(JobCondition::getLastTransitionTime)
            .flatMap(Stream::ofNullable)
            .findFirst()
            .orElse(null);
  }
}
