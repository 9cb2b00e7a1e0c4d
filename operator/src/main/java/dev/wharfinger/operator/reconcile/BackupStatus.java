package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.backup.BackupState;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What people see of a backup. Nothing is ever decided by it. */
final class BackupStatus {
  private static final int LONGEST_MESSAGE = 1024;

  private final StorageBackup backup;
  private final Clock clock;

  BackupStatus(StorageBackup backup, Clock clock) {
    this.backup = backup;
    this.clock = clock;
  }

  /** The status to write, or null where it stands already. */
  @Nullable StorageBackupStatus changed(BackupState state, StorageBackupStatus facts) {
    StorageBackupStatus before = backup.getStatus();
    StorageBackupStatus now =
        new StorageBackupStatus(
            backup.getMetadata().getGeneration(),
            state.phase(),
            facts.backend(),
            facts.target(),
            facts.setId(),
            facts.job(),
            facts.startedAt(),
            facts.consistentAt(),
            facts.finishedAt(),
            facts.totals(),
            facts.recipients(),
            facts.level(),
            facts.warnings(),
            Conditions.merge(
                before == null ? null : before.conditions(),
                state.conditions().stream().map(BackupStatus::cut).toList(),
                backup.getMetadata().getGeneration(),
                clock));
    return Objects.equals(now, before) ? null : now;
  }

  /** Whether this reason was told before. */
  boolean told(BackupState state) {
    List<Condition> before = backup.getStatus() == null ? null : backup.getStatus().conditions();
    Condition ready = Conditions.find(before, Conditions.READY);
    return ready != null && state.reason().equals(ready.getReason());
  }

  private static Condition cut(Condition condition) {
    String message = condition.getMessage();
    return message.length() <= LONGEST_MESSAGE
        ? condition
        : condition.edit().withMessage(message.substring(0, LONGEST_MESSAGE)).build();
  }
}
