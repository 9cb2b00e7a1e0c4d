package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.RestorePhase;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus.RestoredFrom;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.api.v1alpha1.StorageRestoreStatus;
import dev.wharfinger.operator.job.ReplaceJob;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.RestoredData;
import dev.wharfinger.operator.restore.RestorePlan;
import dev.wharfinger.operator.restore.RestoreState;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What people see of a restore. Nothing is ever decided by it. */
final class RestoreStatus {
  private static final int LONGEST_MESSAGE = 1024;

  private final StorageRestore restore;
  private final Clock clock;

  RestoreStatus(StorageRestore restore, Clock clock) {
    this.restore = restore;
    this.clock = clock;
  }

  /** The status to write, or null where it stands already. */
  @Nullable StorageRestoreStatus changed(RestoreState state) {
    return changed(state.phase(), state.conditions());
  }

  /** The world could not be read or changed: the phase stays what it was. */
  @Nullable StorageRestoreStatus failed(String reason, String message) {
    return changed(phase(), Conditions.reconciling(reason, message));
  }

  /** Somebody must act first. */
  @Nullable StorageRestoreStatus stalled(String reason, String message) {
    return changed(phase(), Conditions.stalled(reason, message));
  }

  private @Nullable RestorePhase phase() {
    return restore.getStatus() == null ? null : restore.getStatus().phase();
  }

  private @Nullable StorageRestoreStatus changed(
      @Nullable RestorePhase phase, List<Condition> conditions) {
    StorageRestoreStatus before = restore.getStatus();
    RestorePlan plan = RestorePlan.of(restore);
    boolean begun = Annotations.get(restore, Annotations.FENCED_AT) != null;
    RestoredFrom restored = RestoredData.status(restore);
    StorageRestoreStatus now =
        new StorageRestoreStatus(
            restore.getMetadata().getGeneration(),
            phase,
            plan == null
                ? null
                : new StorageRestoreStatus.Plan(
                    plan.source().set(),
                    plan.consistentAt(),
                    plan.rows(),
                    plan.bytes(),
                    plan.claim(),
                    plan.token()),
            plan != null && begun && !Boolean.TRUE.equals(restore.getSpec().skipSafetyBackup())
                ? SafetyBackup.name(restore, plan)
                : null,
            plan == null || restored == null
                ? null
                : new StorageRestoreStatus.Kept(
                    plan.claim(),
                    ReplaceJob.kept(restore),
                    Annotations.get(restore, Annotations.SAVED_AT)),
            restored,
            writeStop(),
            Conditions.merge(
                before == null ? null : before.conditions(),
                conditions.stream().map(RestoreStatus::cut).toList(),
                restore.getMetadata().getGeneration(),
                clock));
    return Objects.equals(now, before) ? null : now;
  }

  private @Nullable String writeStop() {
    Instant from = MigrationJobs.time(Annotations.get(restore, Annotations.FENCED_AT));
    Instant to = MigrationJobs.time(Annotations.get(restore, Annotations.RETURNED_AT));
    return from == null || to == null ? null : Duration.between(from, to).toString();
  }

  private static Condition cut(Condition condition) {
    String message = condition.getMessage();
    return message.length() <= LONGEST_MESSAGE
        ? condition
        : condition.edit().withMessage(message.substring(0, LONGEST_MESSAGE)).build();
  }
}
