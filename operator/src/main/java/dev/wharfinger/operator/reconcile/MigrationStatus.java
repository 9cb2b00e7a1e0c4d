package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus.Progress;
import dev.wharfinger.operator.migration.MigrationState;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people see. Nothing is ever decided by it. */
final class MigrationStatus {
  private static final int LONGEST_MESSAGE = 1024;
  private static final Set<MigrationPhase> COMMITTED =
      EnumSet.of(MigrationPhase.COMMITTED, MigrationPhase.SWITCHED, MigrationPhase.DONE);

  private final StorageMigration migration;
  private final Clock clock;

  MigrationStatus(StorageMigration migration, Clock clock) {
    this.migration = migration;
    this.clock = clock;
  }

  StorageMigrationStatus of(
      MigrationState state, @Nullable Progress progress, @Nullable String reportConfigMap) {
    return status(state.phase(), progress, reportConfigMap, state.conditions());
  }

  /** The world could not be read or changed: the phase stays what it was. */
  StorageMigrationStatus failed(String reason, String message) {
    return status(phase(), null, null, Conditions.reconciling(reason, message));
  }

  /** Somebody must act first. */
  StorageMigrationStatus stalled(String reason, String message) {
    return status(phase(), null, null, Conditions.stalled(reason, message));
  }

  @Nullable MigrationPhase phase() {
    return migration.getStatus() == null ? null : migration.getStatus().phase();
  }

  private StorageMigrationStatus status(
      @Nullable MigrationPhase phase,
      @Nullable Progress progress,
      @Nullable String reportConfigMap,
      List<Condition> conditions) {
    StorageMigrationStatus before = migration.getStatus();
    List<Condition> cut =
        conditions.stream()
            .map(c ->
                c.getMessage().length() <= LONGEST_MESSAGE
                    ? c
                    : c.edit().withMessage(c.getMessage().substring(0, LONGEST_MESSAGE)).build())
            .toList();
    return new StorageMigrationStatus(
        migration.getMetadata().getGeneration(),
        phase,
        known(phase, progress == null && before != null ? before.progress() : progress),
        reportConfigMap == null
            ? before == null ? null : before.reportRef()
            : new LocalRef(reportConfigMap),
        writeStop(),
        Conditions.merge(
            before == null ? null : before.conditions(),
            cut,
            migration.getMetadata().getGeneration(),
            clock));
  }

  /**
   * The runner's last word may be older than its end: what is committed has every row, and what
   * does not run any more has no rate.
   */
  private static @Nullable Progress known(
      @Nullable MigrationPhase phase, @Nullable Progress progress) {
    if (progress == null || phase == null || phase == MigrationPhase.COPYING) {
      return progress;
    }
    return COMMITTED.contains(phase)
        ? new Progress(100, progress.totalRows(), progress.totalRows(), null, null)
        : new Progress(progress.percent(), progress.rows(), progress.totalRows(), null, null);
  }

  private @Nullable String writeStop() {
    Instant from = MigrationJobs.time(Annotations.get(migration, Annotations.FENCED_AT));
    Instant to = MigrationJobs.time(Annotations.get(migration, Annotations.RETURNED_AT));
    return from == null || to == null ? null : Duration.between(from, to).toString();
  }
}
