package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.event.Events;
import dev.wharfinger.operator.migration.MigrationState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One pass: look at the world → the state machine → its actions → one status patch, if anything in
 * it changed. A migration that is deleted is taken back first, or brought to its end if it is too
 * late for that.
 */
@ControllerConfiguration(
    name = "storagemigration",
    fieldManager = Writer.FIELD_MANAGER,
    finalizerName = StorageMigrationReconciler.FINALIZER,
    retry = UnlimitedRetry.class,
    // Taking back is an annotation, and a status that was wiped is told again at once.
    generationAwareEventProcessing = false,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public final class StorageMigrationReconciler
    implements Reconciler<StorageMigration>, Cleaner<StorageMigration> {
  static final String FINALIZER = "wharfinger.dev/finalizer";

  private final OperatorConfig config;
  private final Clock clock;

  /**
   * @param config the operator's configuration
   * @param clock for times in annotations and conditions
   */
  public StorageMigrationReconciler(OperatorConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, StorageMigration>> prepareEventSources(
      EventSourceContext<StorageMigration> context) {
    return MigrationWatches.of(context);
  }

  @Override
  public UpdateControl<StorageMigration> reconcile(
      StorageMigration migration, Context<StorageMigration> context) {
    MigrationPass.Result result = pass(migration, context);
    UpdateControl<StorageMigration> control =
        result.status() == null
            ? UpdateControl.noUpdate()
            : UpdateControl.patchStatus(StatusPatch.of(migration, result.status()));
    return result.after() == null ? control : control.rescheduleAfter(result.after());
  }

  @Override
  public DeleteControl cleanup(StorageMigration migration, Context<StorageMigration> context) {
    MigrationPass.Result result = pass(migration, context);
    if (result.after() == null) {
      return DeleteControl.defaultDelete();
    }
    if (result.status() != null) {
      StatusPatch.send(context.getClient(), StatusPatch.of(migration, result.status()));
    }
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(result.after());
  }

  private MigrationPass.Result pass(StorageMigration migration, Context<StorageMigration> context) {
    KubernetesClient client = context.getClient();
    MigrationPass.Result result = new MigrationPass(client, config, clock).run(migration);
    StorageMigrationStatus status = result.status();
    MigrationState state = result.state();
    if (state != null
        && status != null
        && (migration.getStatus() == null
            || !Objects.equals(migration.getStatus().phase(), status.phase()))) {
      Events.record(
          client,
          migration,
          state.mood() == MigrationState.Mood.STALLED ? Events.WARNING : Events.NORMAL,
          state.phase().value(),
          state.reason() + ": " + state.message(),
          clock.instant());
    }
    return result;
  }
}
