package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.AbortOutcome;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.migration.Observed;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.StalledException;
import dev.wharfinger.operator.status.Failure;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A migration's Jobs and their pods, read live. */
record MigrationJobs(Map<JobRole, Job> jobs) {
  /** The Job controller makes a pod at once, where it may. */
  private static final Duration POD_EXPECTED = Duration.ofSeconds(30);

  static MigrationJobs look(KubernetesClient client, StorageMigration migration) {
    Map<JobRole, Job> jobs = new EnumMap<>(JobRole.class);
    for (JobRole role : JobRole.values()) {
      Job job =
          client
              .batch()
              .v1()
              .jobs()
              .inNamespace(migration.getMetadata().getNamespace())
              .withName(Move.jobName(migration.getMetadata().getName(), role))
              .get();
      if (job != null) {
        requireOurs(job, migration);
        jobs.put(role, job);
      }
    }
    return new MigrationJobs(jobs);
  }

  /** An object of our name that somebody else made could tell us anything. */
  static void requireOurs(HasMetadata object, StorageMigration migration) {
    boolean ours =
        object.getMetadata().getOwnerReferences().stream()
            .anyMatch(o -> migration.getMetadata().getUid().equals(o.getUid()));
    if (!ours) {
      throw new StalledException(
          "NameConflict",
          object.getKind()
              + " "
              + object.getMetadata().getName()
              + " exists and does not belong to this migration; delete it");
    }
  }

  JobOutcome outcome(JobRole role) {
    return JobOutcome.of(jobs.get(role));
  }

  Observed.Jobs observed(
      KubernetesClient client,
      StorageMigration migration,
      List<Pod> pods,
      @Nullable Secret credentials,
      Instant now) {
    Job abort = jobs.get(JobRole.ABORT);
    return new Observed.Jobs(
        outcome(JobRole.SCHEMA),
        outcome(JobRole.PREFLIGHT),
        outcome(JobRole.TRANSFER),
        time(Annotations.get(migration, Annotations.TRANSFER_STARTED)),
        runner(migration, pods),
        ready(pods),
        transferPodsGone(migration, pods),
        AbortOutcome.of(abort),
        failedAt(abort),
        schemaFailure(pods, credentials),
        obstacle(client, pods, now));
  }

  private Observed.Runner runner(StorageMigration migration, List<Pod> pods) {
    if (Annotations.get(migration, Annotations.RUNNER_STARTED) != null) {
      return Observed.Runner.NOTED;
    }
    Job transfer = jobs.get(JobRole.TRANSFER);
    boolean seen =
        transfer != null
            && (RunnerStart.counted(transfer)
                || pods.stream().filter(p -> ownedBy(p, transfer)).anyMatch(RunnerStart::seen));
    return seen ? Observed.Runner.SEEN : Observed.Runner.NEVER_SEEN;
  }

  private @Nullable Failure schemaFailure(List<Pod> pods, @Nullable Secret credentials) {
    JobOutcome outcome = outcome(JobRole.SCHEMA);
    return outcome == JobOutcome.FAILED || outcome == JobOutcome.REFUSED
        ? SchemaFailure.of(pod(JobRole.SCHEMA, pods), credentials)
        : null;
  }

  private @Nullable String obstacle(KubernetesClient client, List<Pod> pods, Instant now) {
    JobRole role = jobs.containsKey(JobRole.ABORT) ? JobRole.ABORT : JobRole.TRANSFER;
    Job job = jobs.get(role);
    if (job == null || outcome(role) != JobOutcome.RUNNING) {
      return null;
    }
    Pod pod = pod(role, pods);
    return pod == null ? podless(client, job, now) : PodDiagnosis.obstacle(pod);
  }

  private static @Nullable String podless(KubernetesClient client, Job job, Instant now) {
    Instant made = time(job.getMetadata().getCreationTimestamp());
    if (made == null || Duration.between(made, now).compareTo(POD_EXPECTED) < 0) {
      return null;
    }
    String unknown =
        "no pod is made for Job %s; the quota, or a policy: kubectl describe job %1$s says which"
            .formatted(job.getMetadata().getName());
    return MissingPod.of(client, job, StepResult.waiting("PodRefused", unknown)).words();
  }

  /** Only a pod that the Job's uid vouches for is believed. */
  boolean ready(List<Pod> pods) {
    Job transfer = jobs.get(JobRole.TRANSFER);
    return transfer != null
        && pods.stream()
            .filter(p -> ownedBy(p, transfer))
            .anyMatch(p -> PodsInTheWay.live(p) && Readiness.isPodReady(p));
  }

  /** The youngest pod of a Job, running or ended. */
  @Nullable Pod pod(JobRole role, List<Pod> pods) {
    Job job = jobs.get(role);
    return job == null
        ? null
        : pods.stream()
            .filter(p -> ownedBy(p, job))
            .max(Comparator.comparing(p -> p.getMetadata().getCreationTimestamp()))
            .orElse(null);
  }

  /** By name, so that pods whose Job was deleted count too. */
  private static boolean transferPodsGone(StorageMigration migration, List<Pod> pods) {
    String name = Move.jobName(migration.getMetadata().getName(), JobRole.TRANSFER);
    return pods.stream()
        .filter(PodsInTheWay::live)
        .noneMatch(p -> {
          OwnerReference owner = PodsInTheWay.controller(p);
          return owner != null && "Job".equals(owner.getKind()) && name.equals(owner.getName());
        });
  }

  private static boolean ownedBy(Pod pod, Job job) {
    OwnerReference owner = PodsInTheWay.controller(pod);
    return owner != null && job.getMetadata().getUid().equals(owner.getUid());
  }

  private static @Nullable Instant failedAt(@Nullable Job job) {
    if (job == null || job.getStatus() == null || job.getStatus().getConditions() == null) {
      return null;
    }
    return job.getStatus().getConditions().stream()
        .filter(c -> "Failed".equals(c.getType()) && c.getLastTransitionTime() != null)
        .map(c -> time(c.getLastTransitionTime()))
        .findFirst()
        .orElse(null);
  }

  /** A time as RFC 3339, or null where it is absent; a spoiled one counts as long ago. */
  static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
