package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.RestorePhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.ReplaceJob;
import dev.wharfinger.operator.job.RestoreReport;
import dev.wharfinger.operator.job.RestoreRole;
import dev.wharfinger.operator.job.SchemaJob;
import dev.wharfinger.operator.migration.Consumer;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.BucketSecrets;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.RestoredData;
import dev.wharfinger.operator.model.StalledException;
import dev.wharfinger.operator.restore.RestorePlan;
import dev.wharfinger.operator.restore.RestoreScene;
import dev.wharfinger.operator.restore.RestoreScene.Obstacle;
import dev.wharfinger.operator.restore.RestoreScene.Work;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the world for one pass. Everything is read live: what follows may stop an application or
 * let it write again, and a cache may be behind.
 */
final class RestoreObserver {
  /** What is written on a restore beside its plan. */
  static final List<String> RECORDS =
      List.of(
          Annotations.SAVED_AT,
          Annotations.FENCED_AT,
          Annotations.SWAP_STARTED,
          Annotations.RESTORED,
          Annotations.RETURNED_AT,
          Annotations.ROLLBACK,
          Annotations.ENDED);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final Clock clock;
  private final String namespace;

  RestoreObserver(KubernetesClient client, OperatorConfig config, Clock clock, String namespace) {
    this.client = client;
    this.config = config;
    this.clock = clock;
    this.namespace = namespace;
  }

  RestoreView look(StorageRestore restore) {
    Instant now = clock.instant();
    Names names = new Names(restore.getSpec().instanceRef().name());
    PersistentVolumeClaim claim = get(PersistentVolumeClaim.class, names.dataClaim());
    boolean held = HeldClaim.by(claim, restore);
    RestorePlan noted = RestorePlan.of(restore);
    RestorePlan plan = noted == null && held ? RestorePlan.on(claim) : noted;
    StorageInstance instance = instance(names, plan);
    InstanceModel model = instance == null ? null : InstanceModel.of(instance, config);
    Secret binding = get(Secret.class, names.binding());
    ActiveBackend active =
        ActiveBackend.of(
            binding,
            claim,
            get(PersistentVolumeClaim.class, names.postgresqlClaim()),
            model == null ? Backend.SQLITE : model.requested());
    Map<RestoreRole, Job> jobs = jobs(restore);
    List<Pod> pods = client.pods().inNamespace(namespace).list().getItems();
    List<FoundConsumer> found =
        new ConsumerSearch(client, namespace, names).live(restore.getMetadata().getUid());
    List<Consumer> consumers = found.stream().map(FoundConsumer::consumer).toList();
    String holder = held ? null : HeldClaim.holder(client, claim);
    Obstacle lost = plan == null ? lost(restore, jobs, consumers, claim, holder) : null;
    RestorePlanner planner =
        plan == null && lost == null
            ? RestorePlanner.of(
                client,
                restore,
                model,
                active,
                instance != null && binding != null && Labels.isOurs(binding, instance)
                    ? binding
                    : null,
                instance != null && claim != null && Labels.isOurs(claim, instance) ? claim : null,
                now)
            : new RestorePlanner(null, lost);
    List<StorageRestore> restores = RestoresAtWork.beside(client, restore);
    Instant swapStarted = swapStarted(restore, jobs, held);
    String restored = swapStarted == null ? null : restored(restore, jobs, pods);
    return new RestoreView(
        new RestoreScene(
            intent(restore, plan, instance, claim, active),
            plan,
            planner.obstacle(),
            planner.plan(),
            holder == null ? others(restores, instance) : holder,
            RestoresAtWork.before(restores, restore),
            plan == null
                ? SafetyBackup.NONE
                : new SafetyBackup(client, restore).state(plan, instance),
            new RestoreScene.Fence(
                time(restore, Annotations.FENCED_AT),
                time(restore, Annotations.RETURNED_AT),
                consumers,
                PodsInTheWay.ofFile(pods, ownJobs(restore), names, consumers)),
            work(restore, RestoreRole.STAGE, jobs, pods, plan),
            work(restore, RestoreRole.SWAP, jobs, pods, plan),
            swapStarted,
            restored,
            restored == null
                ? RestoredData.madeBy(claim, restore.getMetadata().getUid())
                : restored.equals(Annotations.get(claim, Annotations.RESTORED)),
            held && claim != null && claim.getMetadata().getDeletionTimestamp() == null,
            now),
        restore,
        model,
        claim,
        jobs,
        found);
  }

  /** Why it cannot be told what is under way; null where nothing is. */
  private static @Nullable Obstacle lost(
      StorageRestore restore,
      Map<RestoreRole, Job> jobs,
      List<Consumer> consumers,
      @Nullable PersistentVolumeClaim claim,
      @Nullable String holder) {
    boolean begun =
        record(restore, Annotations.FENCED_AT) != null
            || !jobs.isEmpty()
            || consumers.stream().anyMatch(Consumer::fencedByUs);
    if (!begun && holder != null) {
      return RestorePlanner.stalled("HalfExchanged", HeldClaim.words(claim, holder)).obstacle();
    }
    return begun || RestorePlan.spoiled(restore)
        ? new Obstacle(
            "PlanSpoiled",
            "annotation "
                + Annotations.RESTORE_PLAN
                + " of this StorageRestore is spoiled or gone, and nobody can tell what it was to restore; put it back",
            false)
        : null;
  }

  /** Also where nothing but its Job tells of it, or the claim: files may have been exchanged. */
  private static @Nullable Instant swapStarted(
      StorageRestore restore, Map<RestoreRole, Job> jobs, boolean held) {
    boolean told = held || jobs.containsKey(RestoreRole.SWAP);
    Instant noted = time(restore, Annotations.SWAP_STARTED);
    return noted == null && told && record(restore, Annotations.ROLLBACK) == null
        ? Instant.EPOCH
        : noted;
  }

  /** A restore that has ended: nothing else needs to be looked at. */
  static RestoreScene ended(StorageRestore restore, Clock clock) {
    Work none = new Work(JobOutcome.ABSENT, true, null, null, "", false);
    return new RestoreScene(
        intent(restore, null, null, null, new ActiveBackend(Backend.SQLITE, 1)),
        null,
        null,
        null,
        null,
        null,
        SafetyBackup.NONE,
        new RestoreScene.Fence(null, null, List.of(), List.of()),
        none,
        none,
        null,
        null,
        false,
        false,
        clock.instant());
  }

  private static RestoreScene.Intent intent(
      StorageRestore restore,
      @Nullable RestorePlan plan,
      @Nullable StorageInstance instance,
      @Nullable PersistentVolumeClaim claim,
      ActiveBackend active) {
    return new RestoreScene.Intent(
        Boolean.TRUE.equals(restore.getSpec().dryRun()),
        Boolean.TRUE.equals(restore.getSpec().skipSafetyBackup()),
        restore.getSpec().confirm(),
        restore.getMetadata().getDeletionTimestamp() != null,
        instance != null,
        plan != null
            && claim != null
            && active.backend() == Backend.SQLITE
            && claim.getMetadata().getDeletionTimestamp() == null
            && plan.claimUid().equals(claim.getMetadata().getUid()),
        record(restore, Annotations.ROLLBACK),
        end(restore));
  }

  /** The end, or null. */
  static @Nullable RestorePhase end(StorageRestore restore) {
    String value = record(restore, Annotations.ENDED);
    for (RestorePhase phase : RestorePhase.values()) {
      if (phase.ended() && phase.value().equals(value)) {
        return phase;
      }
    }
    return null;
  }

  /** The instance this was planned for; a namesake made later is another one. */
  private @Nullable StorageInstance instance(Names names, @Nullable RestorePlan plan) {
    StorageInstance instance = get(StorageInstance.class, names.instance());
    return instance == null
            || instance.getMetadata().getDeletionTimestamp() != null
            || plan != null && !plan.source().instance().equals(instance.getMetadata().getUid())
        ? null
        : instance;
  }

  /** What else is at work on the data, or about to be. */
  private @Nullable String others(
      List<StorageRestore> restores, @Nullable StorageInstance instance) {
    if (instance == null) {
      return null;
    }
    String move =
        client.resources(StorageMigration.class).inNamespace(namespace).list().getItems().stream()
            .filter(m -> Labels.isOurs(m, instance))
            .filter(m -> !Boolean.TRUE.equals(m.getSpec().dryRun()))
            .filter(m -> Annotations.get(m, Annotations.ENDED) == null)
            .map(m -> "StorageMigration " + m.getMetadata().getName())
            .findFirst()
            .orElse(null);
    if (move != null) {
      return move;
    }
    if (!restores.isEmpty()) {
      return "StorageRestore " + restores.getFirst().getMetadata().getName();
    }
    String schema =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .withLabels(Labels.of(instance, SchemaJob.COMPONENT))
            .list()
            .getItems()
            .stream()
            .filter(j -> !JobOutcome.of(j).ended())
            .map(j -> "Job " + j.getMetadata().getName())
            .findFirst()
            .orElse(null);
    if (schema != null) {
      return schema;
    }
    String backup = BackupsAtWork.of(client, instance);
    return backup == null ? null : "Job " + backup;
  }

  private Map<RestoreRole, Job> jobs(StorageRestore restore) {
    Map<RestoreRole, Job> jobs = new EnumMap<>(RestoreRole.class);
    for (RestoreRole role : RestoreRole.values()) {
      Job job = get(Job.class, ReplaceJob.name(restore.getMetadata().getName(), role));
      if (job != null) {
        requireOurs(job, restore);
        jobs.put(role, job);
      }
    }
    return jobs;
  }

  /** An object of our name that somebody else made could tell us anything. */
  static void requireOurs(HasMetadata object, StorageRestore restore) {
    if (object.getMetadata().getOwnerReferences().stream()
        .noneMatch(o -> restore.getMetadata().getUid().equals(o.getUid()))) {
      throw new StalledException(
          "NameConflict",
          object.getKind()
              + " "
              + object.getMetadata().getName()
              + " exists and does not belong to this StorageRestore; delete it");
    }
  }

  private static Set<String> ownJobs(StorageRestore restore) {
    return Arrays.stream(RestoreRole.values())
        .map(role -> ReplaceJob.name(restore.getMetadata().getName(), role))
        .collect(Collectors.toSet());
  }

  private Work work(
      StorageRestore restore,
      RestoreRole role,
      Map<RestoreRole, Job> jobs,
      List<Pod> pods,
      @Nullable RestorePlan plan) {
    String name = ReplaceJob.name(restore.getMetadata().getName(), role);
    boolean podsGone =
        pods.stream()
            .filter(PodsInTheWay::live)
            .noneMatch(p -> {
              OwnerReference owner = PodsInTheWay.controller(p);
              return owner != null && "Job".equals(owner.getKind()) && name.equals(owner.getName());
            });
    Job job = jobs.get(role);
    return new Work(
        JobOutcome.of(job),
        podsGone,
        job == null ? null : endedAt(job),
        job == null
                || RunnerStart.counted(job)
                || pods.stream().filter(p -> LastWords.ownedBy(p, job)).anyMatch(RunnerStart::seen)
            ? null
            : MigrationJobs.time(job.getMetadata().getCreationTimestamp()),
        job == null ? "" : words(job, pods, plan),
        job != null && untouched(job, pods));
  }

  /** The pod that ran the last says so, and none has gone unheard. */
  private static boolean untouched(Job job, List<Pod> pods) {
    List<Pod> own = PodWords.youngestFirst(pods, job);
    Integer failed = job.getStatus() == null ? null : job.getStatus().getFailed();
    return JobOutcome.of(job).ended()
        && !own.isEmpty()
        && (failed == null || failed <= own.size())
        && LastWords.of(own.getFirst())
            .map(RestoreReport::parse)
            .anyMatch(report -> report != null && report.untouched());
  }

  private String words(Job job, List<Pod> pods, @Nullable RestorePlan plan) {
    List<String> secrets =
        plan == null || plan.source().s3() == null
            ? List.of()
            : BucketSecrets.values(plan.source().s3(), name -> get(Secret.class, name));
    if (!JobOutcome.of(job).ended()) {
      List<Pod> own = PodWords.youngestFirst(pods, job);
      String obstacle =
          own.isEmpty()
              ? MissingPod.of(client, job, StepResult.DONE).words()
              : PodDiagnosis.obstacle(own.getFirst());
      return Objects.requireNonNullElse(obstacle, "");
    }
    RestoreReport report = PodWords.report(pods, job);
    return report == null
        ? PodWords.others(pods, job, secrets)
        : PodWords.scrubbed(
            (report.reason().isEmpty() ? "" : report.reason() + ": ") + report.message(), secrets);
  }

  private static @Nullable Instant endedAt(Job job) {
    return job.getStatus() == null || job.getStatus().getConditions() == null
        ? null
        : job.getStatus().getConditions().stream()
            .filter(c -> "Complete".equals(c.getType()) || "Failed".equals(c.getType()))
            .filter(c -> c.getLastTransitionTime() != null)
            .map(c -> MigrationJobs.time(c.getLastTransitionTime()))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
  }

  /** What was swapped, in the words that the claim gets. */
  private static @Nullable String restored(
      StorageRestore restore, Map<RestoreRole, Job> jobs, List<Pod> pods) {
    String noted = record(restore, Annotations.RESTORED);
    Job swap = jobs.get(RestoreRole.SWAP);
    if (noted != null || swap == null || JobOutcome.of(swap) != JobOutcome.COMPLETE) {
      return noted;
    }
    RestoreReport report = PodWords.report(pods, swap);
    return report == null || report.restored() == null
        ? null
        : report.restored().madeBy(restore.getMetadata().getUid()).json();
  }

  private static @Nullable Instant time(StorageRestore restore, String annotation) {
    return MigrationJobs.time(record(restore, annotation));
  }

  /** What stands on the restore, and was not copied from another one. */
  private static @Nullable String record(StorageRestore restore, String annotation) {
    return RestorePlan.foreign(restore) ? null : Annotations.get(restore, annotation);
  }

  private <T extends HasMetadata> @Nullable T get(Class<T> type, String name) {
    return client.resources(type).inNamespace(namespace).withName(name).get();
  }
}
