package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.restore.RestorePlan;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Restores over data that are there, read live. */
final class RestoresAtWork {
  private RestoresAtWork() {}

  /** Name of one that has stopped the application of an instance and not ended; or null. */
  static @Nullable String of(KubernetesClient client, String namespace, String instance) {
    return open(client, namespace).stream()
        .filter(r -> instance.equals(r.getSpec().instanceRef().name()))
        .filter(r -> Annotations.get(r, Annotations.FENCED_AT) != null)
        .map(r -> r.getMetadata().getName())
        .findFirst()
        .orElse(null);
  }

  /** Another one than that with this uid. */
  static @Nullable String another(
      KubernetesClient client, String namespace, String instance, String uid) {
    return open(client, namespace).stream()
        .filter(r -> instance.equals(r.getSpec().instanceRef().name()))
        .filter(r -> !uid.equals(r.getMetadata().getUid()))
        .filter(r -> Annotations.get(r, Annotations.FENCED_AT) != null)
        .map(r -> r.getMetadata().getName())
        .findFirst()
        .orElse(null);
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
