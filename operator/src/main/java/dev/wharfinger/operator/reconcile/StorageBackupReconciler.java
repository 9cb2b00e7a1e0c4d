package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.backup.BackupState;
import dev.wharfinger.operator.backup.Facts;
import dev.wharfinger.operator.event.Events;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One pass: look at the world → make the Job, or judge it → one status patch, if anything in it
 * changed. There is no finalizer: deleting a StorageBackup takes the record and its Job, and leaves
 * the set.
 */
@ControllerConfiguration(
    name = "storagebackup",
    fieldManager = Writer.FIELD_MANAGER,
    retry = UnlimitedRetry.class,
    // A status that was wiped is told again at once.
    generationAwareEventProcessing = false,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public final class StorageBackupReconciler implements Reconciler<StorageBackup> {
  private static final Duration AFTER_CONFLICT = Duration.ofMillis(300);
  private static final Duration AFTER_ERROR = Duration.ofSeconds(10);

  private final OperatorConfig config;
  private final Clock clock;

  /** Between looking whether another backup is at work and making a Job. */
  private final Lock oneAtATime = new ReentrantLock();

  /**
   * @param config the operator's configuration
   * @param clock for times in conditions
   */
  public StorageBackupReconciler(OperatorConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, StorageBackup>> prepareEventSources(
      EventSourceContext<StorageBackup> context) {
    return BackupWatches.of(context);
  }

  @Override
  public UpdateControl<StorageBackup> reconcile(
      StorageBackup backup, Context<StorageBackup> context) {
    BackupResult ended = BackupResult.of(backup);
    if (ended != null
        && new BackupStatus(backup, clock).changed(ended.state(), ended.facts()) == null) {
      return UpdateControl.noUpdate();
    }
    // Also after the end: a cache may be behind the very status that told it.
    BackupPass.Outcome outcome = pass(backup, context.getClient());
    StorageBackupStatus status = tell(backup, outcome, context.getClient());
    UpdateControl<StorageBackup> control =
        status == null
            ? UpdateControl.noUpdate()
            : UpdateControl.patchStatus(StatusPatch.of(backup, status));
    return outcome.after() == null ? control : control.rescheduleAfter(outcome.after());
  }

  private @Nullable StorageBackupStatus tell(
      StorageBackup backup, BackupPass.Outcome outcome, KubernetesClient client) {
    BackupState state = outcome.state();
    if (state == null) {
      return null;
    }
    BackupStatus status = new BackupStatus(outcome.backup(), clock);
    StorageBackupStatus changed = status.changed(state, outcome.facts());
    if (changed != null && !status.told(state)) {
      Events.record(
          client,
          backup,
          state.mood() == BackupState.Mood.STALLED ? Events.WARNING : Events.NORMAL,
          state.reason(),
          state.message(),
          clock.instant());
    }
    return changed;
  }

  private BackupPass.Outcome pass(StorageBackup cached, KubernetesClient client) {
    StorageBackup live = live(cached, client);
    if (live == null || live.getMetadata().getDeletionTimestamp() != null) {
      return new BackupPass.Outcome(cached, null, Facts.of(cached, null), null);
    }
    BackupResult ended = BackupResult.of(live);
    if (ended != null) {
      return new BackupPass.Outcome(live, ended.state(), ended.facts(), null);
    }
    oneAtATime.lock();
    try {
      return new BackupPass(client, config).run(live);
    } catch (StalledException e) {
      return new BackupPass.Outcome(
          live,
          told(live, BackupState.stalled(e.reason(), e.explanation())),
          Facts.of(live, null),
          AFTER_ERROR);
    } catch (KubernetesClientException e) {
      return failed(live, e);
    } finally {
      oneAtATime.unlock();
    }
  }

  /** The very backup as it is now, or null where it is gone. */
  private static @Nullable StorageBackup live(StorageBackup cached, KubernetesClient client) {
    StorageBackup live =
        client
            .resources(StorageBackup.class)
            .inNamespace(cached.getMetadata().getNamespace())
            .withName(cached.getMetadata().getName())
            .get();
    return live == null || !cached.getMetadata().getUid().equals(live.getMetadata().getUid())
        ? null
        : live;
  }

  /** A look that failed takes nothing back of what was begun. */
  private static BackupState told(StorageBackup backup, BackupState state) {
    return BackupDecision.of(backup) == null ? state : state.begun();
  }

  /** What the API server cannot answer at all goes to the retry. */
  private static BackupPass.Outcome failed(StorageBackup backup, KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
      return new BackupPass.Outcome(backup, null, Facts.of(backup, null), AFTER_CONFLICT);
    }
    if (e.getStatus() == null || e.getCode() < 400 || e.getCode() >= 500) {
      throw e;
    }
    String message = "the API server refused: " + e.getStatus().getMessage();
    return new BackupPass.Outcome(
        backup,
        told(
            backup,
            BackupState.stalled(
                e.getCode() == HttpURLConnection.HTTP_FORBIDDEN ? "Forbidden" : "ApiError",
                message)),
        Facts.of(backup, null),
        AFTER_ERROR);
  }
}
