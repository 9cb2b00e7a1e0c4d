package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.backup.BackupCondition;
import dev.wharfinger.operator.backup.BackupHealth;
import dev.wharfinger.operator.backup.BackupHistory;
import dev.wharfinger.operator.backup.BackupPolicy;
import dev.wharfinger.operator.backup.BackupRecord;
import dev.wharfinger.operator.backup.BackupTurn;
import dev.wharfinger.operator.backup.ScheduleException;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the StorageBackup that is due, and tells how backups stand. Never in anybody's way: no step
 * waits for it, it goes on whatever the steps wait for, and Ready does not speak of it.
 */
final class ScheduledBackups {
  private final OperatorConfig config;
  private final Clock clock;

  ScheduledBackups(OperatorConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * How backups stand.
   *
   * @param overview for the status; null where there is nothing to tell
   * @param conditions BackupHealthy and RestoreProven, where they are asked for
   * @param wake when to look again; null where no moment matters
   */
  record View(
      @Nullable BackupOverview overview, List<Condition> conditions, @Nullable Instant wake) {}

  View run(StorageInstance instance, Observed observed, KubernetesClient client) {
    BackupHistory history =
        new BackupHistory(
            observed.backups().stream()
                .filter(b -> Labels.isOurs(b, instance))
                .map(BackupRecord::of)
                .toList());
    View view;
    try {
      BackupPolicy policy = BackupPolicy.of(instance);
      view =
          policy == null
              ? new View(null, List.of(), null)
              : look(instance, observed, policy, history, client);
    } catch (ScheduleException e) {
      view =
          new View(
              BackupStanding.unscheduled(instance, history), List.of(BackupCondition.of(e)), null);
    }
    List<Condition> conditions =
        view.conditions().stream().map(c -> LeftOut.named(c, instance, observed)).toList();
    for (Condition condition : conditions) {
      Tidings.tell(instance, condition, client, clock.instant());
    }
    return new View(view.overview(), conditions, view.wake());
  }

  private View look(
      StorageInstance instance,
      Observed observed,
      BackupPolicy policy,
      BackupHistory history,
      KubernetesClient client) {
    // What is kept of it in the status is read again from there.
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    BackupStanding standing = new BackupStanding(instance, observed, policy, history, now);
    BackupTurn turn = standing.turn();
    String waiting =
        turn == null ? null : new ScheduledBackupHands(config, client, now).act(instance, turn);
    BackupHealth health = standing.health();
    List<Condition> conditions =
        health == null
            ? List.of()
            : List.of(BackupCondition.of(health, history, policy.suspended(), waiting));
    return new View(
        standing.overview(turn, health, waiting),
        conditions,
        wake(turn, health, waiting != null, now));
  }

  private static @Nullable Instant wake(
      @Nullable BackupTurn turn, @Nullable BackupHealth health, boolean waiting, Instant now) {
    Instant aged =
        health == null || !health.healthy()
            ? null
            : now.plus(health.left()).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    Instant poll = waiting ? now.plusSeconds(15) : null;
    return Stream.<@Nullable Instant>of(turn == null ? null : turn.wake(), aged, poll)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .filter(moment -> moment.isAfter(now))
        .min(Instant::compareTo)
        .orElse(null);
  }
}
