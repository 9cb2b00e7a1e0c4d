package dev.wharfinger.operator.migration;

import dev.wharfinger.operator.migration.Consumer.Holder;
import dev.wharfinger.operator.model.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workload and the pods it makes.
 *
 * @param consumer the workload
 * @param pod the pod of its template
 */
public record FoundConsumer(Consumer consumer, PodSpec pod) {

  /**
   * Who is asking.
   *
   * @param uid this migration
   * @param active uids of all migrations that have not ended
   */
  public record Asker(String uid, Set<String> active) {
    Holder holder(@Nullable String fencedBy) {
      if (fencedBy == null) {
        return Holder.NOBODY;
      }
      if (fencedBy.equals(uid)) {
        return Holder.US;
      }
      return active.contains(fencedBy) ? Holder.ANOTHER : Holder.LEFT_BEHIND;
    }
  }

  /** A Deployment as seen. */
  public static FoundConsumer of(Deployment d, Asker asker) {
    return replicated(
        ConsumerKind.DEPLOYMENT,
        d,
        d.getSpec().getReplicas(),
        d.getSpec().getTemplate().getSpec(),
        asker);
  }

  /** A StatefulSet as seen. */
  public static FoundConsumer of(StatefulSet s, Asker asker) {
    return replicated(
        ConsumerKind.STATEFUL_SET,
        s,
        s.getSpec().getReplicas(),
        s.getSpec().getTemplate().getSpec(),
        asker);
  }

  /** A DaemonSet as seen; it is stopped by a node selector that no node satisfies. */
  public static FoundConsumer of(DaemonSet d, Asker asker) {
    PodSpec pod = d.getSpec().getTemplate().getSpec();
    Map<String, String> selector = pod.getNodeSelector();
    boolean stopped = selector != null && selector.containsKey(Annotations.FENCED_NODE);
    return of(ConsumerKind.DAEMON_SET, d, "all", stopped, pod, asker);
  }

  /** A CronJob as seen. */
  public static FoundConsumer of(CronJob c, Asker asker) {
    boolean suspended = Boolean.TRUE.equals(c.getSpec().getSuspend());
    return of(
        ConsumerKind.CRON_JOB,
        c,
        Boolean.toString(suspended),
        suspended,
        c.getSpec().getJobTemplate().getSpec().getTemplate().getSpec(),
        asker);
  }

  private static FoundConsumer replicated(
      ConsumerKind kind, HasMetadata object, @Nullable Integer replicas, PodSpec pod, Asker asker) {
    int size = replicas == null ? 1 : replicas;
    return of(kind, object, Integer.toString(size), size == 0, pod, asker);
  }

  private static FoundConsumer of(
      ConsumerKind kind,
      HasMetadata object,
      String size,
      boolean stopped,
      PodSpec pod,
      Asker asker) {
    return new FoundConsumer(
        new Consumer(
            kind,
            object.getMetadata().getName(),
            object.getMetadata().getUid(),
            object.getMetadata().getResourceVersion(),
            size,
            stopped,
            asker.holder(Annotations.get(object, Annotations.FENCED_BY)),
            Annotations.get(object, Annotations.REPLICAS)),
        pod);
  }
}
