package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.api.v1alpha1.StorageRestoreStatus;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.event.Events;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.job.ReplaceJob;
import dev.wharfinger.operator.migration.MigrationState;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.restore.RestoreState;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One pass: look at the world → the state machine → its actions → one status patch, if anything in
 * it changed. A restore that is deleted is taken back first, or brought to its end if the swap was
 * begun.
 */
@ControllerConfiguration(
    name = "storagerestore",
    fieldManager = Writer.FIELD_MANAGER,
    finalizerName = StorageMigrationReconciler.FINALIZER,
    retry = UnlimitedRetry.class,
    // A status that was wiped is told again at once.
    generationAwareEventProcessing = false,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public final class StorageRestoreReconciler
    implements Reconciler<StorageRestore>, Cleaner<StorageRestore> {
  private static final String SELECTOR =
      Labels.SELECTOR + "," + Labels.COMPONENT + "=" + ReplaceJob.COMPONENT;

  private final OperatorConfig config;
  private final Clock clock;

  /**
   * @param config the operator's configuration
   * @param clock for times in annotations and conditions
   */
  public StorageRestoreReconciler(OperatorConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  /** The Jobs alone: everything else is looked at again after a while. */
  @Override
  public List<EventSource<?, StorageRestore>> prepareEventSources(
      EventSourceContext<StorageRestore> context) {
    InformerEventSourceConfiguration.Builder<Job> builder =
        InformerEventSourceConfiguration.from(Job.class, StorageRestore.class);
    return List.of(
        new InformerEventSource<>(
            builder
                .withNamespacesInheritedFromController()
                .withLabelSelector(SELECTOR)
                .withSecondaryToPrimaryMapper(job -> restores(job, context))
                .build(),
            context));
  }

  private static Set<ResourceID> restores(
      HasMetadata job, EventSourceContext<StorageRestore> context) {
    Map<String, String> labels = job.getMetadata().getLabels();
    String restore = labels == null ? null : labels.get(Labels.RESTORE);
    return context
        .getPrimaryCache()
        .list(
            job.getMetadata().getNamespace(),
            r -> Move.base(r.getMetadata().getName()).equals(restore))
        .filter(r -> RestoreObserver.end(r) == null)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  @Override
  public UpdateControl<StorageRestore> reconcile(
      StorageRestore restore, Context<StorageRestore> context) {
    RestorePass.Result result = pass(restore, context.getClient());
    UpdateControl<StorageRestore> control =
        result.status() == null
            ? UpdateControl.noUpdate()
            : UpdateControl.patchStatus(StatusPatch.of(restore, result.status()));
    return result.after() == null ? control : control.rescheduleAfter(result.after());
  }

  @Override
  public DeleteControl cleanup(StorageRestore restore, Context<StorageRestore> context) {
    RestorePass.Result result = pass(restore, context.getClient());
    if (result.after() == null) {
      return DeleteControl.defaultDelete();
    }
    if (result.status() != null) {
      StatusPatch.send(context.getClient(), StatusPatch.of(restore, result.status()));
    }
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(result.after());
  }

  private RestorePass.Result pass(StorageRestore restore, KubernetesClient client) {
    RestorePass.Result result = new RestorePass(client, config, clock).run(restore);
    StorageRestoreStatus status = result.status();
    RestoreState state = result.state();
    if (state != null
        && status != null
        && (restore.getStatus() == null
            || !Objects.equals(restore.getStatus().phase(), status.phase()))) {
      Events.record(
          client,
          restore,
          state.mood() == MigrationState.Mood.STALLED ? Events.WARNING : Events.NORMAL,
          state.phase().value(),
          state.reason() + ": " + state.message(),
          clock.instant());
    }
    return result;
  }
}
