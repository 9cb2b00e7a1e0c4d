package dev.wharfinger.operator.migration;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.job.References;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the pods that could still write to the source, or still read the old binding. */
public final class PodsInTheWay {
  private PodsInTheWay() {}

  /**
   * The live pods, other than the migration's own, that reach the data or belong to a consumer. A
   * file is reached by its claim, a server by what the binding says.
   */
  public static List<ForeignPod> of(
      List<Pod> pods, StorageMigration migration, Names names, List<Consumer> consumers) {
    Set<String> ownJobs =
        Arrays.stream(JobRole.values())
            .map(role -> Move.jobName(migration.getMetadata().getName(), role))
            .collect(Collectors.toSet());
    return of(pods, ownJobs, migration.getSpec().from() == Backend.POSTGRESQL, names, consumers);
  }

  /** The same for data in a file, and whoever has these Jobs. */
  public static List<ForeignPod> ofFile(
      List<Pod> pods, Set<String> ownJobs, Names names, List<Consumer> consumers) {
    return of(pods, ownJobs, false, names, consumers);
  }

  private static List<ForeignPod> of(
      List<Pod> pods, Set<String> ownJobs, boolean server, Names names, List<Consumer> consumers) {
    return pods.stream()
        .filter(PodsInTheWay::live)
        .filter(pod -> !own(pod, ownJobs))
        .flatMap(pod -> {
          String consumer = consumer(pod, consumers);
          boolean reaches =
              server
                  ? References.any(pod.getSpec(), names.binding(), names.dataClaim())
                  : References.mountsClaim(pod.getSpec(), names.dataClaim());
          return reaches || consumer != null
              ? Stream.of(
                  new ForeignPod(
                      pod.getMetadata().getName(),
                      Instant.parse(pod.getMetadata().getCreationTimestamp()),
                      reaches,
                      consumer))
              : Stream.empty();
        })
        .toList();
  }

  /** Whether a container of it can still run. A pod on a node that is lost counts as live. */
  public static boolean live(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return !"Succeeded".equals(phase) && !"Failed".equals(phase);
  }

  /** The controller of a pod, or null for a bare one. */
  public static @Nullable OwnerReference controller(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(o -> Boolean.TRUE.equals(o.getController()))
        .findFirst()
        .orElse(null);
  }

  private static boolean own(Pod pod, Set<String> ownJobs) {
    OwnerReference owner = controller(pod);
    return owner != null
        && "Job".equals(owner.getKind())
        && ownJobs.contains(owner.getName())
        && Labels.made(pod);
  }

  private static @Nullable String consumer(Pod pod, List<Consumer> consumers) {
    OwnerReference owner = controller(pod);
    return owner == null
        ? null
        : consumers.stream()
            .filter(c -> owns(c, owner, pod))
            .map(Consumer::label)
            .findFirst()
            .orElse(null);
  }

  /** ReplicaSets and Jobs in between are recognised by the names their makers give them. */
  private static boolean owns(Consumer consumer, OwnerReference owner, Pod pod) {
    return switch (consumer.kind()) {
      case STATEFUL_SET, DAEMON_SET -> consumer.uid().equals(owner.getUid());
      case DEPLOYMENT -> {
        Map<String, String> labels = pod.getMetadata().getLabels();
        String hash = labels == null ? null : labels.get("pod-template-hash");
        yield "ReplicaSet".equals(owner.getKind())
            && hash != null
            && owner.getName().equals(consumer.name() + "-" + hash);
      }
      case CRON_JOB ->
          "Job".equals(owner.getKind())
              && owner.getName().matches(Pattern.quote(consumer.name()) + "-[0-9]+");
    };
  }
}
