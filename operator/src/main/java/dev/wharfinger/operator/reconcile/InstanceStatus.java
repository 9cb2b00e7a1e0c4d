package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus.BindingStatus;
import dev.wharfinger.operator.backup.BackupCondition;
import dev.wharfinger.operator.backup.DrillCondition;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.RestoredData;
import dev.wharfinger.operator.status.Conditions;
import dev.wharfinger.operator.tls.GivenCertificate;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The instance's status from what a run found. Where the binding stands, the application is served.
 */
final class InstanceStatus {
  /** The steps that stop for these come after the binding stands. */
  private static final Set<String> HARMLESS =
      Set.of(
          ClaimGrowth.NOT_EXPANDABLE,
          "PasswordRefused",
          "BindingTemplateInvalid",
          "BindingPresetUnknown",
          "BindingPresetUnfit");

  private final StorageInstance instance;
  private final Observed observed;
  private final Clock clock;
  private final List<Condition> advice;
  private final @Nullable BackupOverview backups;

  InstanceStatus(StorageInstance instance, Observed observed, Clock clock) {
    this(
        instance,
        observed,
        clock,
        Advice.before(instance),
        instance.getStatus() == null ? null : instance.getStatus().backup());
  }

  private InstanceStatus(
      StorageInstance instance,
      Observed observed,
      Clock clock,
      List<Condition> advice,
      @Nullable BackupOverview backups) {
    this.instance = instance;
    this.observed = observed;
    this.clock = clock;
    this.advice = advice;
    this.backups = backups;
  }

  /** The same with what is known of the application now. */
  InstanceStatus with(List<Condition> known) {
    return new InstanceStatus(instance, observed, clock, known, backups);
  }

  /** The same with how backups and drills of them stand now. */
  InstanceStatus with(ScheduledBackups.View view) {
    Set<String> told = Set.of(BackupCondition.TYPE, DrillCondition.TYPE);
    List<Condition> others = advice.stream().filter(c -> !told.contains(c.getType())).toList();
    return new InstanceStatus(
        instance,
        observed,
        clock,
        Stream.concat(others.stream(), view.conditions().stream()).toList(),
        view.overview());
  }

  StorageInstanceStatus of(Run run, StepResult result) {
    Backend backend = run.active().backend();
    return switch (result) {
      case StepResult.Done done ->
          status("Ready", backend, Conditions.ready("Ready", "the data is on " + backend + rest()));
      case StepResult.Wait wait
          when (keepsItsBinding(run) || keepsItsPassword(run, wait)) && !owesItsSchema(run) ->
          status("Ready", backend, Conditions.readyAndReconciling(wait.reason(), wait.message()));
      case StepResult.Wait wait
          when migrating(run) && !owesItsSchema(run) && !Suspension.asked(run) ->
          status(
              "Migrating", backend, Conditions.readyAndReconciling(wait.reason(), wait.message()));
      case StepResult.Wait wait ->
          status("Provisioning", backend, Conditions.reconciling(wait.reason(), wait.message()));
      case StepResult.Stop stop when Suspension.stopped(stop) && backend == Backend.POSTGRESQL ->
          status(stop.reason(), backend, Conditions.stalled(stop.reason(), stop.message()));
      case StepResult.Stop stop
          when migrating(run) && !owesItsSchema(run)
              || keepsItsBinding(run) && !owesItsSchema(run)
              || harmless(stop) && run.observed().binding() != null
              || servedWithItsSchema(run, stop)
              || keepsItsCertificate(run, stop) ->
          status("Blocked", backend, Conditions.readyButStalled(stop.reason(), stop.message()));
      case StepResult.Stop stop ->
          status("Blocked", backend, Conditions.stalled(stop.reason(), stop.message()));
    };
  }

  /**
   * An instance that waits for its schema is not Ready, so that no roll-out goes on, whatever else
   * is under way.
   */
  private static boolean owesItsSchema(Run run) {
    if (run.schema() == null || !run.schema().blocking()) {
      return false;
    }
    StepResult state = run.schema().state(run);
    return !state.done()
        && !(state instanceof StepResult.Stop stop && servedWithItsSchema(run, stop));
  }

  /**
   * Files that are gone take nothing from what they have made, and an application that is to come
   * would wait for its database.
   */
  private static boolean servedWithItsSchema(Run run, StepResult.Stop stop) {
    return Set.of("SchemaFilesMissing", SchemaSource.NO_CONSUMER).contains(stop.reason())
        && run.observed().binding() != null;
  }

  /** Whether the step came after the binding stood, and all that matters is as it should be. */
  static boolean harmless(StepResult result) {
    return result instanceof StepResult.Stop stop && HARMLESS.contains(stop.reason());
  }

  /** SQLite has no server that could be stopped. */
  private String rest() {
    return instance.getSpec() != null && Boolean.TRUE.equals(instance.getSpec().suspend())
        ? "; suspend: true has nothing to stop there: scale the application to zero yourself"
        : "";
  }

  /** Bound, and only what the spec asks for beyond that is not there. */
  private static boolean migrating(Run run) {
    return run.observed().binding() != null && run.model().requested() != run.active().backend();
  }

  /** Who has a binding is served with the password that is in it. */
  private static boolean keepsItsPassword(Run run, StepResult.Wait wait) {
    return run.observed().binding() != null && wait.reason().equals("PasswordChanging");
  }

  /** What is new in a Secret is told to the application only after it was tried. */
  private static boolean keepsItsBinding(Run run) {
    return run.external() != null && run.observed().binding() != null;
  }

  /** Who has a binding is served as before, by a server that is as before. */
  private static boolean keepsItsCertificate(Run run, StepResult.Stop stop) {
    return run.observed().binding() != null && GivenCertificate.REASONS.contains(stop.reason());
  }

  StorageInstanceStatus stalled(String reason, String message) {
    return status("Blocked", bound(), Conditions.stalled(reason, message));
  }

  StorageInstanceStatus paused() {
    String message = "paused: true; nothing is written until it is removed";
    return status(
        "Paused",
        bound(),
        observed.binding() == null
            ? Conditions.stalled("Paused", message)
            : Conditions.readyButStalled("Paused", message));
  }

  StorageInstanceStatus deleting(String reason, String message) {
    return status("Deleting", bound(), Conditions.stalled(reason, message));
  }

  /** An API error, without addresses, counts or bodies: the message must be the same each time. */
  StorageInstanceStatus failed(Exception e) {
    Throwable cause =
        e instanceof KubernetesClientException || e.getCause() == null ? e : e.getCause();
    String message =
        cause instanceof KubernetesClientException api && api.getStatus() != null
            ? "the API server refused: " + api.getStatus().getMessage()
            : "the run failed: " + cause.getClass().getSimpleName();
    return status("Blocked", bound(), Conditions.reconciling("ApiError", message));
  }

  private @Nullable Backend bound() {
    return Backend.of(Annotations.get(observed.binding(), Annotations.BACKEND));
  }

  private StorageInstanceStatus status(
      String phase, @Nullable Backend backend, List<Condition> conditions) {
    StorageInstanceStatus.Schema migrated = Schema.status(observed);
    StorageInstanceStatus.Schema schema =
        migrated == null ? RevisionStep.status(observed) : migrated;
    return new StorageInstanceStatus(
        instance.getMetadata().getGeneration(),
        phase,
        backend,
        observed.binding() == null ? null : new BindingStatus(Names.of(instance).binding()),
        schema == null || schema.revision() == null
            ? Annotations.get(observed.binding(), Annotations.SCHEMA_REVISION)
            : schema.revision(),
        schema,
        ConnectionFacts.of(observed, Names.of(instance)),
        backups,
        restoredFrom(),
        Stream.concat(
                merged(conditions).stream(),
                // One that was not judged anew keeps the generation it was judged for.
                advice.stream()
                    .map(
                        c -> c.getObservedGeneration() == null ? merged(List.of(c)).getFirst() : c))
            .toList());
  }

  private StorageInstanceStatus.@Nullable RestoredFrom restoredFrom() {
    return Stream.<@Nullable PersistentVolumeClaim>of(observed.dataClaim(), observed.serverClaim())
        .flatMap(Stream::ofNullable)
        .filter(claim -> Labels.isOurs(claim, instance))
        .map(RestoredData::status)
        .flatMap(Stream::ofNullable)
        .findFirst()
        .orElse(null);
  }

  private List<Condition> merged(List<Condition> conditions) {
    StorageInstanceStatus before = instance.getStatus();
    return Conditions.merge(
        before == null ? null : before.conditions(),
        conditions,
        instance.getMetadata().getGeneration(),
        clock);
  }
}
