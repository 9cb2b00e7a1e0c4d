package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.status.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The workloads of a namespace, by live lists: we have no right to watch them. One look serves many
 * instances, for half a minute; one instance never gets the same look twice.
 */
final class Workloads {
  private static final Duration AGE = Duration.ofSeconds(30);

  private final Map<String, Look> looks = new ConcurrentHashMap<>();
  private final Clock clock;

  Workloads(Clock clock) {
    this.clock = clock;
  }

  /**
   * One look.
   *
   * @param at when
   * @param found all workloads but our own
   * @param shown uids of the instances that have had it
   */
  private record Look(Instant at, List<Workload> found, Set<String> shown) {}

  /** Those that use the instance: its binding, or its volume to write. */
  List<Workload> using(KubernetesClient client, Run run) {
    String namespace = run.model().namespace();
    String uid = run.instance().getMetadata().getUid();
    Look look =
        looks.compute(
            namespace,
            (key, last) -> {
              Look now = last == null || old(last, uid) ? look(client, namespace) : last;
              now.shown().add(uid);
              return now;
            });
    return look.found().stream()
        .filter(w -> w.uses(run.model().names().binding(), run.model().names().dataClaim()))
        .toList();
  }

  private boolean old(Look look, String uid) {
    return look.shown().contains(uid) || clock.instant().isAfter(look.at().plus(AGE));
  }

  private Look look(KubernetesClient client, String namespace) {
    Instant at = clock.instant();
    List<Workload> found =
        Stream.of(
                read(
                    client.apps().deployments().inNamespace(namespace).list().getItems(),
                    Workload::of),
                read(
                    client.apps().statefulSets().inNamespace(namespace).list().getItems(),
                    Workload::of),
                read(
                    client.apps().daemonSets().inNamespace(namespace).list().getItems(),
                    Workload::of),
                read(
                    client.batch().v1().cronjobs().inNamespace(namespace).list().getItems(),
                    Workload::of))
            .flatMap(s -> s)
            .sorted(java.util.Comparator.comparing(Workload::label))
            .toList();
    return new Look(at, found, new HashSet<>());
  }

  private static <T extends HasMetadata> Stream<Workload> read(
      List<T> objects, Function<T, Workload> reader) {
    return objects.stream().filter(o -> !Labels.made(o)).map(reader);
  }
}
