package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.restore.RestorePlan;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Restores over data that are there, read live. */
final class RestoresAtWork {
  /** Which goes on where two have stopped the application at the same time. */
  static final Comparator<StorageRestore> ORDER =
      Comparator.comparing((StorageRestore r) -> r.getMetadata().getCreationTimestamp())
          .thenComparing(r -> r.getMetadata().getUid());

  private RestoresAtWork() {}

  /**
   * One that has stopped the application of an instance and not ended, or exchanged some of its
   * files and is gone; or null.
   */
  static @Nullable String of(KubernetesClient client, String namespace, String instance) {
    return fenced(client, namespace, instance)
        .map(r -> "StorageRestore " + r.getMetadata().getName())
        .findFirst()
        .orElseGet(() ->
            HeldClaim.holder(
                client,
                client
                    .persistentVolumeClaims()
                    .inNamespace(namespace)
                    .withName(new Names(instance).dataClaim())
                    .get()));
  }

  /** Others of the same instance that have. */
  static List<StorageRestore> beside(KubernetesClient client, StorageRestore restore) {
    String namespace = restore.getMetadata().getNamespace();
    return fenced(client, namespace, restore.getSpec().instanceRef().name())
        .filter(r -> !restore.getMetadata().getUid().equals(r.getMetadata().getUid()))
        .toList();
  }

  /** Name of the one of these that goes before a restore, or null. */
  static @Nullable String before(List<StorageRestore> others, StorageRestore restore) {
    return others.stream()
        .filter(r ->
            Annotations.get(r, Annotations.SWAP_STARTED) != null || ORDER.compare(r, restore) < 0)
        .map(r -> r.getMetadata().getName())
        .findFirst()
        .orElse(null);
  }

  private static Stream<StorageRestore> fenced(
      KubernetesClient client, String namespace, String instance) {
    return open(client, namespace).stream()
        .filter(r -> instance.equals(r.getSpec().instanceRef().name()))
        .filter(r -> Annotations.get(r, Annotations.FENCED_AT) != null);
  }

  /** Uids of all that have not ended: what they hold at zero is not to be given back by others. */
  static Set<String> uids(KubernetesClient client, String namespace) {
    return open(client, namespace).stream()
        .map(r -> r.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  private static List<StorageRestore> open(KubernetesClient client, String namespace) {
    return client.resources(StorageRestore.class).inNamespace(namespace).list().getItems().stream()
        .filter(r -> RestoreObserver.end(r) == null && !RestorePlan.foreign(r))
        .toList();
  }
}
