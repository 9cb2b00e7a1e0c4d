package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.backup.BackupHistory;
import dev.wharfinger.operator.backup.BackupRecord;
import dev.wharfinger.operator.backup.DrillCondition;
import dev.wharfinger.operator.backup.DrillPolicy;
import dev.wharfinger.operator.backup.DrillRecord;
import dev.wharfinger.operator.backup.ScheduleException;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has the newest set of an instance restored for a try when that is due, and tells what came of it.
 * As with backups no step waits for it, and Ready does not speak of it.
 */
final class Drills {
  private static final Duration AFTER_ERROR = Duration.ofSeconds(15);

  private final OperatorConfig config;
  private final Clock clock;

  Drills(OperatorConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  /** How backups stand, with what is known of drills. */
  ScheduledBackups.View beside(
      ScheduledBackups.View backups,
      StorageInstance instance,
      Observed observed,
      KubernetesClient client) {
    // What is kept of it on a StorageBackup is read again from there.
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    DrillPolicy policy;
    try {
      policy = DrillPolicy.of(instance);
    } catch (ScheduleException e) {
      Condition invalid = DrillCondition.of(e);
      Tidings.tell(instance, invalid, client, now);
      return merged(backups, last(instance, observed, now), null, invalid, null);
    }
    if (policy == null) {
      return backups;
    }
    DrillPass.Outcome outcome = look(instance, observed, policy, client, now);
    Collection<Instant> completed =
        new BackupHistory(
                observed.backups().stream()
                    .filter(b -> Labels.isOurs(b, instance))
                    .map(BackupRecord::of)
                    .toList())
            .completed();
    Condition condition =
        DrillCondition.of(
            policy, outcome.last(), outcome.impossible(), completed, outcome.drilling(), now);
    Tidings.tell(instance, condition, client, now);
    return merged(
        backups,
        outcome.last(),
        outcome.drilling(),
        condition,
        earlier(
            outcome.wake(), DrillCondition.changes(policy, outcome.last(), completed, now), now));
  }

  private DrillPass.Outcome look(
      StorageInstance instance,
      Observed observed,
      DrillPolicy policy,
      KubernetesClient client,
      Instant now) {
    String refused;
    try {
      return new DrillPass(client, config, instance, observed, policy, now).run();
    } catch (StalledException e) {
      refused = e.explanation();
    } catch (KubernetesClientException e) {
      if (e.getStatus() == null
          || e.getCode() < 400
          || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      refused = "the API server refused: " + e.getStatus().getMessage();
    }
    return new DrillPass.Outcome(
        last(instance, observed, now), refused, null, now.plus(AFTER_ERROR));
  }

  private static @Nullable DrillRecord last(
      StorageInstance instance, Observed observed, Instant now) {
    return DrillRecord.last(
        observed.backups().stream().filter(b -> Labels.isOurs(b, instance)).toList(), now);
  }

  private static ScheduledBackups.View merged(
      ScheduledBackups.View backups,
      @Nullable DrillRecord last,
      @Nullable String drilling,
      Condition condition,
      @Nullable Instant wake) {
    BackupOverview overview =
        Objects.requireNonNullElse(backups.overview(), BackupStanding.NOTHING)
            .drilled(drilling, last == null ? null : last.told());
    return new ScheduledBackups.View(
        overview.equals(BackupStanding.NOTHING) ? null : overview,
        Stream.concat(backups.conditions().stream(), Stream.of(condition)).toList(),
        earliest(backups.wake(), wake));
  }

  /** The earlier of two moments that are to come. */
  private static @Nullable Instant earlier(
      @Nullable Instant one, @Nullable Instant other, Instant now) {
    return earliest(
        one == null || one.isAfter(now) ? one : null,
        other == null || other.isAfter(now) ? other : null);
  }

  private static @Nullable Instant earliest(@Nullable Instant one, @Nullable Instant other) {
    return one == null || other != null && other.isBefore(one) ? other : one;
  }
}
