package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus.Progress;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.migration.Action;
import dev.wharfinger.operator.migration.MigrationState;
import dev.wharfinger.operator.migration.Observed;
import dev.wharfinger.operator.migration.StateMachine;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.BindingTemplate;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One pass over one migration, with every way it can end. */
final class MigrationPass {
  private static final Duration AFTER_CONFLICT = Duration.ofMillis(300);
  private static final Duration AFTER_ERROR = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final Clock clock;

  MigrationPass(KubernetesClient client, OperatorConfig config, Clock clock) {
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
      @Nullable MigrationState state,
      @Nullable StorageMigrationStatus status,
      @Nullable Duration after) {}

  /** Runs a pass; {@code cached} says which migration, and what its status was. */
  Result run(StorageMigration cached) {
    if (MigrationObserver.ended(cached) != null) {
      return afterTheEnd(cached);
    }
    String namespace = cached.getMetadata().getNamespace();
    MigrationStatus status = new MigrationStatus(cached, clock);
    try {
      if (paused(cached, namespace)) {
        return new Result(null, null, Duration.ofSeconds(30));
      }
      StorageMigration live = live(cached);
      if (live == null) {
        return new Result(null, null, AFTER_CONFLICT);
      }
      return step(new MigrationObserver(client, config, clock, namespace).look(live));
    } catch (StalledException e) {
      return new Result(
          null, changed(cached, status.stalled(e.reason(), e.explanation())), AFTER_ERROR);
    } catch (KubernetesClientException e) {
      return failed(cached, status, e);
    }
  }

  private Result step(MigrationView view) {
    MigrationState state = StateMachine.next(view.observed());
    if (view.move() != null && state.actions().stream().anyMatch(MigrationPass::stops)) {
      // Once it is stopped, the application comes back only with a binding that can be written.
      BindingTemplate.check(view.move().model());
    }
    MigrationActions actions = new MigrationActions(client, clock, view);
    state.actions().forEach(actions::run);
    Progress progress =
        state.phase() == MigrationPhase.COPYING
            ? new MigrationReports(client).progress(view.transferPod())
            : null;
    StorageMigration now = actions.migration();
    // The end and the report are told together: nobody looks again after the end.
    return result(
        now,
        MigrationObserver.ended(now) == null ? state : ended(now),
        progress,
        view.report().configMap());
  }

  private static boolean stops(Action action) {
    return action instanceof Action.Annotate(String name, String value)
        && Annotations.FENCED_AT.equals(name);
  }

  /**
   * Nothing is left to do but to tell the end again where its status was lost. A cache may be
   * behind the very status that told it, and would take the report out of it.
   */
  private Result afterTheEnd(StorageMigration cached) {
    Result result = result(cached, ended(cached), null, null);
    StorageMigration live = result.status() == null ? null : live(cached);
    return live == null
        ? new Result(result.state(), null, null)
        : result(
            live, ended(live), null, new MigrationReports(client).keep(live, null).configMap());
  }

  /** The very migration as it is now, or null where it is gone. */
  private @Nullable StorageMigration live(StorageMigration cached) {
    StorageMigration live =
        client
            .resources(StorageMigration.class)
            .inNamespace(cached.getMetadata().getNamespace())
            .withName(cached.getMetadata().getName())
            .get();
    return live == null || !cached.getMetadata().getUid().equals(live.getMetadata().getUid())
        ? null
        : live;
  }

  private MigrationState ended(StorageMigration migration) {
    return StateMachine.next(
        Observed.ended(MigrationObserver.intent(migration, null), clock.instant()));
  }

  private Result result(
      StorageMigration migration,
      MigrationState state,
      @Nullable Progress progress,
      @Nullable String report) {
    StorageMigrationStatus status =
        new MigrationStatus(migration, clock).of(state, progress, report);
    return new Result(state, changed(migration, status), state.after());
  }

  private static @Nullable StorageMigrationStatus changed(
      StorageMigration migration, StorageMigrationStatus status) {
    return Objects.equals(status, migration.getStatus()) ? null : status;
  }

  private boolean paused(StorageMigration migration, String namespace) {
    StorageInstance instance =
        client
            .resources(StorageInstance.class)
            .inNamespace(namespace)
            .withName(migration.getSpec().instanceRef().name())
            .get();
    return instance != null
        && instance.getSpec() != null
        && Boolean.TRUE.equals(instance.getSpec().paused());
  }

  /**
   * The API server's own words name verb and resource. What it cannot answer at all goes to the
   * retry, and a version that was read too early is simply read again.
   */
  private static Result failed(
      StorageMigration migration, MigrationStatus status, KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT && !terminating(e)) {
      return new Result(null, null, AFTER_CONFLICT);
    }
    if (e.getStatus() == null || e.getCode() < 400 || e.getCode() >= 500) {
      throw e;
    }
    if (terminating(e) && migration.getMetadata().getDeletionTimestamp() != null) {
      // The namespace takes everything with it; nothing can be created in it any more.
      return new Result(null, null, null);
    }
    String reason = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN ? "Forbidden" : "ApiError";
    String message = "the API server refused: " + e.getStatus().getMessage();
    return new Result(null, changed(migration, status.failed(reason, message)), AFTER_ERROR);
  }

  /** Whether nothing can be made any more, because the namespace goes. */
  static boolean terminating(KubernetesClientException e) {
    return e.getStatus() != null
        && e.getStatus().getDetails() != null
        && e.getStatus().getDetails().getCauses() != null
        && e.getStatus().getDetails().getCauses().stream()
            .map(StatusCause::getReason)
            .anyMatch("NamespaceTerminating"::equals);
  }
}
