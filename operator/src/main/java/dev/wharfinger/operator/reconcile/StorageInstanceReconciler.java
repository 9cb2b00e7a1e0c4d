package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.migration.EffectiveMode;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One run: the resource and what is observed → the model → step by step to the desired state → one
 * status patch, if anything in it changed.
 */
@ControllerConfiguration(
    name = "storageinstance",
    fieldManager = Writer.FIELD_MANAGER,
    finalizerName = StorageMigrationReconciler.FINALIZER,
    retry = UnlimitedRetry.class,
    // Adoption and confirmation are annotations, and those do not change the generation.
    generationAwareEventProcessing = false,
    maxReconciliationInterval =
        @MaxReconciliationInterval(
            interval = StorageInstanceReconciler.MINUTES,
            timeUnit = TimeUnit.MINUTES))
public final class StorageInstanceReconciler
    implements Reconciler<StorageInstance>, Cleaner<StorageInstance> {
  static final int MINUTES = 10;

  /** A run that is asked for later than that comes no later. */
  private static final Duration LONGEST = Duration.ofMinutes(MINUTES);

  private final OperatorConfig config;
  private final Clock clock;
  private final List<Step> steps;
  private final Advice advice;
  private final ScheduledBackups backups;
  private final Drills drills;
  private final ConnectionChecks checks;
  private final ConnectionStanding connection;
  private final InstanceGauges gauges;
  private final WakeupSource wakeups = new WakeupSource();

  /**
   * @param config the operator's configuration
   * @param clock for the conditions' times
   * @param gauges for the numbers that no status has
   */
  public StorageInstanceReconciler(OperatorConfig config, Clock clock, InstanceGauges gauges) {
    this.config = config;
    this.clock = clock;
    this.gauges = gauges;
    this.advice = new Advice(new Workloads(clock), clock);
    this.backups = new ScheduledBackups(config, clock);
    this.drills = new Drills(config, clock);
    this.checks = new ConnectionChecks(config.connectionChecks(), clock);
    this.connection = new ConnectionStanding(checks);
    SqliteStep sqlite = new SqliteStep(clock);
    PostgresqlStep postgresql = new PostgresqlStep(clock);
    ClaimGrowth growth = new ClaimGrowth(clock);
    this.steps =
        List.of(
            new BindingAgeStep(),
            new EpochStep(),
            new OwnershipStep(),
            new RoleStep(),
            new SchemaWithdrawal(),
            sqlite,
            postgresql,
            PasswordStep.BEFORE_BINDING,
            SchemaStep.BEFORE_BINDING,
            new BindingStep(),
            new PasswordStep(growth),
            new RequestMigrationStep(sqlite, postgresql),
            checks,
            new RevisionStep(),
            new AwaitedSchemaStep(clock),
            new SchemaStep(growth),
            growth,
            new GivenStep(),
            new TemplateStep());
  }

  @Override
  public List<EventSource<?, StorageInstance>> prepareEventSources(
      EventSourceContext<StorageInstance> context) {
    return Stream.concat(Watches.ofInstances(context).stream(), Stream.of(wakeups)).toList();
  }

  @Override
  public UpdateControl<StorageInstance> reconcile(
      StorageInstance instance, Context<StorageInstance> context) {
    Observed observed = Observed.of(instance, context);
    InstanceStatus status = new InstanceStatus(instance, observed, clock);
    if (instance.getSpec() != null && Boolean.TRUE.equals(instance.getSpec().paused())) {
      return patch(instance, status.paused());
    }
    if (observed.binding() == null) {
      // Then the claims tell where the data is, and a cache may have them as they were before.
      observed = observed.withLiveClaims(instance, context.getClient());
    }
    try {
      Writer writer = new Writer(instance, context);
      InstanceModel model =
          EffectiveMode.of(
              InstanceModel.of(instance, config), observed.openMove(instance), observed.server());
      External external = External.of(model, writer);
      if (external != null && external.server() != null) {
        model = model.at(external.server());
      }
      model = model.trusting(CertificateStep.trusted(observed.certificate(), instance));
      ActiveBackend active =
          ActiveBackend.of(
              observed.binding(), observed.dataClaim(), observed.serverClaim(), model.requested());
      Instant now = clock.instant();
      Schema schema = Schema.of(model, active, observed, writer, config.allowSchemaCommands(), now);
      Given given = Given.of(model, writer, now);
      Run run = new Run(instance, model, active, observed, writer, advice, external, schema, given);
      StepResult result = walk(run);
      List<Condition> known =
          Stream.concat(
                  advice.of(run, result, context.getClient()).stream(),
                  connection.of(run, context.getClient()).stream())
              .toList();
      connection.tell(run, gauges);
      InstanceStatus told = withBackups(status.with(known), instance, observed, context);
      return again(patch(instance, told.of(run, result)), run, result);
    } catch (StalledException e) {
      InstanceStatus told = withBackups(status, instance, observed, context);
      return patch(instance, told.stalled(e.reason(), e.explanation()));
    }
  }

  /** Whatever the steps have come to; after them, so that a move which they begin is seen. */
  private InstanceStatus withBackups(
      InstanceStatus status,
      StorageInstance instance,
      Observed observed,
      Context<StorageInstance> context) {
    ScheduledBackups.View view =
        drills.beside(
            backups.run(instance, observed, context.getClient()),
            instance,
            observed,
            context.getClient());
    wakeups.at(instance, view.wake());
    gauges.backup(instance, view.overview());
    return status.with(view);
  }

  private UpdateControl<StorageInstance> again(
      UpdateControl<StorageInstance> control, Run run, StepResult result) {
    AwaitedSchema awaited = AwaitedSchema.of(run);
    if (run.external() != null
        || run.schema() != null && run.schema().looksAgain()
        || awaited != null && awaited.looksAgain(run)) {
      control.rescheduleAfter(ExternalStep.LOOK_AGAIN);
    }
    if (result instanceof StepResult.Wait wait) {
      wait.lookAgain().ifPresent(control::rescheduleAfter);
    }
    if (run.writer().postponed()) {
      control.rescheduleAfter(BackupsAtWork.LOOK_AGAIN);
    }
    checks
        .wake(run)
        .filter(soon -> soon.compareTo(LONGEST) < 0)
        .filter(soon -> control.getScheduleDelay().map(d -> d > soon.toMillis()).orElse(true))
        .ifPresent(control::rescheduleAfter);
    return control;
  }

  /** The steps in order, up to the first that is not done. */
  private StepResult walk(Run run) {
    for (Step step : steps) {
      StepResult result = step.run(run);
      if (!result.done()) {
        return result;
      }
    }
    return StepResult.DONE;
  }

  @Override
  public ErrorStatusUpdateControl<StorageInstance> updateErrorStatus(
      StorageInstance instance, Context<StorageInstance> context, Exception e) {
    if (e.getCause() instanceof KubernetesClientException api && api.getCode() == 409
        || e instanceof KubernetesClientException direct && direct.getCode() == 409) {
      // Somebody else was faster; the next run sees what they did.
      return ErrorStatusUpdateControl.defaultErrorProcessing();
    }
    StorageInstanceStatus status =
        new InstanceStatus(instance, Observed.of(instance, context), clock).failed(e);
    return Objects.equals(status, instance.getStatus())
        ? ErrorStatusUpdateControl.defaultErrorProcessing()
        : ErrorStatusUpdateControl.patchStatus(StatusPatch.of(instance, status));
  }

  @Override
  public DeleteControl cleanup(StorageInstance instance, Context<StorageInstance> context) {
    gauges.forget(instance);
    Observed observed = Observed.of(instance, context);
    try {
      return new Deletion(instance, observed, new Writer(instance, context), clock)
          .run(status -> send(instance, context, status));
    } catch (KubernetesClientException e) {
      // Of a deletion that fails updateErrorStatus is told nothing.
      StorageInstanceStatus status = new InstanceStatus(instance, observed, clock).failed(e);
      if (e.getCode() != 409 && !Objects.equals(status, instance.getStatus())) {
        send(instance, context, status);
      }
      throw e;
    }
  }

  private static void send(
      StorageInstance instance, Context<StorageInstance> context, StorageInstanceStatus status) {
    StatusPatch.send(context.getClient(), StatusPatch.of(instance, status));
  }

  private static UpdateControl<StorageInstance> patch(
      StorageInstance instance, StorageInstanceStatus status) {
    return Objects.equals(status, instance.getStatus())
        ? UpdateControl.noUpdate()
        : UpdateControl.patchStatus(StatusPatch.of(instance, status));
  }
}
