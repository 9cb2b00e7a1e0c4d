package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Watches the objects of all namespaces once, and tells each lane what happens in its own. */
final class Lookout {
  /** What an instance is made of, and what the end of a run is judged by. */
  static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          StorageInstance.class,
          StorageMigration.class,
          StorageBackup.class,
          PersistentVolumeClaim.class,
          Secret.class,
          ConfigMap.class,
          Service.class,
          StatefulSet.class,
          Deployment.class,
          Job.class,
          Pod.class);

  private final Map<String, BiConsumer<History.Seen.Kind, HasMetadata>> lanes =
      new ConcurrentHashMap<>();

  Lookout(KubernetesClient client) {
    KINDS.forEach(kind -> watch(client, kind));
  }

  private <T extends HasMetadata> void watch(KubernetesClient client, Class<T> type) {
    client
        .resources(type)
        .inAnyNamespace()
        .inform(
            new ResourceEventHandler<T>() {
              @Override
              public void onAdd(T object) {
                tell(History.Seen.Kind.ADDED, object);
              }

              @Override
              public void onUpdate(T before, T object) {
                String version = before.getMetadata().getResourceVersion();
                if (!version.equals(object.getMetadata().getResourceVersion())) {
                  tell(History.Seen.Kind.MODIFIED, object);
                }
              }

              @Override
              public void onDelete(T object, boolean unknown) {
                tell(History.Seen.Kind.DELETED, object);
              }
            });
  }

  private void tell(History.Seen.Kind kind, HasMetadata object) {
    var lane = lanes.get(object.getMetadata().getNamespace());
    if (lane != null) {
      lane.accept(kind, object);
    }
  }

  /** Tells {@code listener} of every change in a namespace from now on. */
  void listen(String namespace, BiConsumer<History.Seen.Kind, HasMetadata> listener) {
    lanes.put(namespace, listener);
  }

  void forget(String namespace) {
    lanes.remove(namespace);
  }
}
