package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.api.v1alpha1.StorageRestoreStatus;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.StalledException;
import dev.wharfinger.operator.restore.RestoreAction;
import dev.wharfinger.operator.restore.RestoreMachine;
import dev.wharfinger.operator.restore.RestorePlan;
import dev.wharfinger.operator.restore.RestoreState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One pass over one restore, with every way it can end. */
final class RestorePass {
  private static final Duration AFTER_CONFLICT = Duration.ofMillis(300);
  private static final Duration AFTER_ERROR = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final Clock clock;

  RestorePass(KubernetesClient client, OperatorConfig config, Clock clock) {
    this.client = client;
    this.config = config;
    this.clock = clock;
  }

  /**
   * How a pass ended.
   *
   * @param state what it found, or null where it could not tell
   * @param status the status to write, or null where it stands already
   * @param after when to look again, or null when nothing more will happen
   */
  record Result(
      @Nullable RestoreState state,
      @Nullable StorageRestoreStatus status,
      @Nullable Duration after) {}

  /** Runs a pass; {@code cached} says which restore, and what its status was. */
  Result run(StorageRestore cached) {
    RestoreStatus status = new RestoreStatus(cached, clock);
    try {
      StorageRestore live = live(cached);
      if (live == null) {
        return new Result(null, null, null);
      }
      if (RestoreObserver.end(live) != null) {
        return told(live);
      }
      if (paused(live)) {
        return new Result(null, null, Duration.ofSeconds(30));
      }
      String namespace = live.getMetadata().getNamespace();
      return step(new RestoreObserver(client, config, clock, namespace).look(live));
    } catch (StalledException e) {
      return new Result(null, status.stalled(e.reason(), e.explanation()), AFTER_ERROR);
    } catch (KubernetesClientException e) {
      return failed(cached, status, e);
    }
  }

  private Result step(RestoreView view) {
    RestoreState state = RestoreMachine.next(view.scene());
    RestoreActions actions = new RestoreActions(client, view);
    RestorePlan plan = view.scene().plan();
    if (plan != null && RestorePlan.of(view.restore()) == null) {
      // It was taken from the restore, and the claim has told it.
      actions.run(new RestoreAction.Annotate(Annotations.RESTORE_PLAN, plan.json()));
    }
    state.actions().forEach(actions::run);
    StorageRestore now = actions.restore();
    return RestoreObserver.end(now) == null
        ? new Result(state, new RestoreStatus(now, clock).changed(state), state.after())
        : told(now);
  }

  private Result told(StorageRestore ended) {
    RestoreState state = RestoreMachine.next(RestoreObserver.ended(ended, clock));
    return new Result(state, new RestoreStatus(ended, clock).changed(state), null);
  }

  /** The very restore as it is now, or null where it is gone. */
  private @Nullable StorageRestore live(StorageRestore cached) {
    StorageRestore live =
        client
            .resources(StorageRestore.class)
            .inNamespace(cached.getMetadata().getNamespace())
            .withName(cached.getMetadata().getName())
            .get();
    return live == null || !cached.getMetadata().getUid().equals(live.getMetadata().getUid())
        ? null
        : live;
  }

  private boolean paused(StorageRestore restore) {
    StorageInstance instance =
        client
            .resources(StorageInstance.class)
            .inNamespace(restore.getMetadata().getNamespace())
            .withName(restore.getSpec().instanceRef().name())
            .get();
    return instance != null
        && instance.getSpec() != null
        && Boolean.TRUE.equals(instance.getSpec().paused());
  }

  /** What the API server cannot answer at all goes to the retry. */
  private static Result failed(
      StorageRestore restore, RestoreStatus status, KubernetesClientException e) {
    if (MigrationPass.terminating(e) && restore.getMetadata().getDeletionTimestamp() != null) {
      // The namespace takes everything with it.
      return new Result(null, null, null);
    }
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
      return new Result(null, null, AFTER_CONFLICT);
    }
    if (e.getStatus() == null || e.getCode() < 400 || e.getCode() >= 500) {
      throw e;
    }
    String reason = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN ? "Forbidden" : "ApiError";
    return new Result(
        null,
        status.failed(reason, "the API server refused: " + e.getStatus().getMessage()),
        AFTER_ERROR);
  }
}
