package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.References;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the consumers of an instance in live lists: a cache could miss the one that was made a
 * moment ago.
 */
final class ConsumerSearch {
  private final KubernetesClient client;
  private final String namespace;
  private final Names names;

  ConsumerSearch(KubernetesClient client, String namespace, Names names) {
    this.client = client;
    this.namespace = namespace;
    this.names = names;
  }

  /** Everything whose pods refer to the binding or the data, sorted by kind and name. */
  List<FoundConsumer> live(String uid) {
    FoundConsumer.Asker asker = new FoundConsumer.Asker(uid, active());
    return Stream.of(
            found(
                client.apps().deployments().inNamespace(namespace).list().getItems(),
                d -> FoundConsumer.of(d, asker)),
            found(
                client.apps().statefulSets().inNamespace(namespace).list().getItems(),
                s -> FoundConsumer.of(s, asker)),
            found(
                client.apps().daemonSets().inNamespace(namespace).list().getItems(),
                d -> FoundConsumer.of(d, asker)),
            found(
                client.batch().v1().cronjobs().inNamespace(namespace).list().getItems(),
                c -> FoundConsumer.of(c, asker)))
        .flatMap(s -> s)
        .filter(f -> References.any(f.pod(), names.binding(), names.dataClaim()))
        .sorted(
            Comparator.comparing((FoundConsumer f) -> f.consumer().kind())
                .thenComparing(f -> f.consumer().name()))
        .toList();
  }

  private static <T extends HasMetadata> Stream<FoundConsumer> found(
      List<T> objects, Function<T, FoundConsumer> reader) {
    return objects.stream().filter(o -> !Labels.made(o)).map(reader);
  }

  /** Moves and restores that have not ended. */
  private Set<String> active() {
    return Stream.concat(
            client
                .resources(StorageMigration.class)
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .filter(m -> Annotations.get(m, Annotations.ENDED) == null)
                .map(m -> m.getMetadata().getUid()),
            RestoresAtWork.uids(client, namespace).stream())
        .collect(Collectors.toSet());
  }
}
