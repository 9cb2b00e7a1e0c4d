package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.migration.Consumer;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.migration.Observed;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.migration.ScratchServer;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the world for one pass. Everything is read live: what follows may stop an application or
 * let it write again, and a cache may be behind.
 */
final class MigrationObserver {
  private final KubernetesClient client;
  private final OperatorConfig config;
  private final Clock clock;
  private final String namespace;

  MigrationObserver(KubernetesClient client, OperatorConfig config, Clock clock, String namespace) {
    this.client = client;
    this.config = config;
    this.clock = clock;
    this.namespace = namespace;
  }

  MigrationView look(StorageMigration migration) {
    Names names = new Names(migration.getSpec().instanceRef().name());
    StorageInstance instance = instance(migration);
    InstanceModel model = instance == null ? null : InstanceModel.of(instance, config);
    if (model != null && model.sqlite().inMemory()) {
      throw new StalledException(
          "NothingToMove", "sqlite.inMemory has no file: there is nothing to move");
    }
    Secret binding = ours(get(Secret.class, names.binding()), migration);
    PersistentVolumeClaim dataClaim = get(PersistentVolumeClaim.class, names.dataClaim());
    PersistentVolumeClaim serverClaim = get(PersistentVolumeClaim.class, names.postgresqlClaim());
    ActiveBackend active =
        ActiveBackend.of(binding, dataClaim, serverClaim, migration.getSpec().from());
    boolean dryRun = Boolean.TRUE.equals(migration.getSpec().dryRun());
    PostgresqlServer server =
        model == null
            ? null
            : dryRun && migration.getSpec().to() == Backend.POSTGRESQL
                ? ScratchServer.of(model, migration)
                : PostgresqlServer.of(model);
    MigrationTarget target = new MigrationTarget(client, namespace, config);
    Move move =
        model == null || server == null || instance == null
            ? null
            : target.move(instance, model, migration, server);
    MigrationJobs jobs = MigrationJobs.look(client, migration);
    List<Pod> pods = client.pods().inNamespace(namespace).list().getItems();
    List<FoundConsumer> found =
        new ConsumerSearch(client, namespace, names).live(migration.getMetadata().getUid());
    List<Consumer> consumers = found.stream().map(FoundConsumer::consumer).toList();
    MigrationReport report = report(migration, dryRun, jobs, pods);
    Secret credentials = server == null ? null : get(Secret.class, server.role());
    Observed observed =
        new Observed(
            intent(migration, instance),
            target.look(migration, move, active, binding, dataClaim, found),
            jobs.observed(client, migration, pods, credentials, clock.instant()),
            new Observed.Fence(
                time(migration, Annotations.FENCED_AT),
                Annotations.get(migration, Annotations.FENCED_AGAIN) != null,
                time(migration, Annotations.RETURNED_AT),
                consumers,
                PodsInTheWay.of(pods, migration, names, consumers),
                BackupsAtWork.before(client, migration)),
            report.findings(),
            Rollback.loss(migration, instance, report),
            clock.instant());
    return new MigrationView(
        observed,
        migration,
        move,
        active,
        binding,
        credentials,
        dataClaim,
        serverClaim,
        jobs.jobs(),
        found,
        VolumeNode.of(pods, names),
        jobs.pod(JobRole.TRANSFER, pods),
        report);
  }

  /** What is asked for; {@code instance} is null where it is gone. */
  static Observed.Intent intent(StorageMigration migration, @Nullable StorageInstance instance) {
    return new Observed.Intent(
        Boolean.TRUE.equals(migration.getSpec().dryRun()),
        byOperator(migration),
        migration.getMetadata().getDeletionTimestamp() != null,
        "true".equals(Annotations.get(migration, Annotations.CANCELLED)),
        instance != null && turnedBack(migration, instance),
        instance != null,
        Annotations.get(migration, Annotations.ROLLBACK),
        ended(migration));
  }

  static @Nullable MigrationPhase ended(StorageMigration migration) {
    String value = Annotations.get(migration, Annotations.ENDED);
    for (MigrationPhase phase : MigrationPhase.values()) {
      if (phase.ended() && phase.value().equals(value)) {
        return phase;
      }
    }
    return null;
  }

  /** The instance this migration was made for; a namesake made later is another one. */
  private @Nullable StorageInstance instance(StorageMigration migration) {
    StorageInstance instance = get(StorageInstance.class, migration.getSpec().instanceRef().name());
    boolean dryRun = Boolean.TRUE.equals(migration.getSpec().dryRun());
    return instance == null || (!dryRun && !Labels.isOurs(migration, instance)) ? null : instance;
  }

  private static boolean byOperator(StorageMigration migration) {
    String uid = Labels.ownerUid(migration);
    return uid != null
        && migration.getMetadata().getOwnerReferences().stream()
            .anyMatch(o -> uid.equals(o.getUid()));
  }

  private static boolean turnedBack(StorageMigration migration, StorageInstance instance) {
    Backend requested = instance.getSpec() == null ? null : instance.getSpec().backend();
    return instance.getMetadata().getDeletionTimestamp() != null
        || Objects.requireNonNullElse(requested, Backend.SQLITE) != migration.getSpec().to()
        || Rollback.reconsidered(migration, instance);
  }

  private MigrationReport report(
      StorageMigration migration, boolean dryRun, MigrationJobs jobs, List<Pod> pods) {
    JobRole role =
        dryRun
                // What was compared is asked about before, and told after.
                || Rollback.asked(migration)
                || jobs.outcome(JobRole.PREFLIGHT) == JobOutcome.REFUSED
            ? JobRole.PREFLIGHT
            : JobRole.TRANSFER;
    boolean said = jobs.outcome(role).ended() || jobs.ready(pods);
    if (said) {
      return new MigrationReports(client).keep(migration, jobs.pod(role, pods));
    }
    if (jobs.outcome(JobRole.PREFLIGHT) == JobOutcome.COMPLETE && nextIsTheFence(migration)) {
      // There is none yet; but a missing right is told before the application is stopped.
      new MigrationReports(client).requireRight(migration);
    }
    return MigrationReport.NONE;
  }

  /** Neither stopped anybody yet, nor on its way back. */
  private static boolean nextIsTheFence(StorageMigration migration) {
    return migration.getMetadata().getDeletionTimestamp() == null
        && Stream.of(Annotations.FENCED_AT, Annotations.CANCELLED, Annotations.ROLLBACK)
            .allMatch(name -> Annotations.get(migration, name) == null);
  }

  private static @Nullable Secret ours(@Nullable Secret binding, StorageMigration migration) {
    String uid = Labels.ownerUid(migration);
    return binding != null && (uid == null || uid.equals(Labels.ownerUid(binding)))
        ? binding
        : null;
  }

  private static @Nullable Instant time(StorageMigration migration, String annotation) {
    return MigrationJobs.time(Annotations.get(migration, annotation));
  }

  private <T extends HasMetadata> @Nullable T get(Class<T> type, String name) {
    return client.resources(type).inNamespace(namespace).withName(name).get();
  }
}
