package dev.wharfinger.testing;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What controllers and a kubelet would do: Jobs complete, servers become ready and get their claim,
 * claims are bound, deleted claims go, and children go with their owner.
 */
public final class StandIns implements AutoCloseable {
  private final KubernetesClient client;
  private final String namespace;
  private final ClaimStandIn claims;

  /** Components whose Jobs end as their tests say; how a move's Jobs end is what they are about. */
  private final Set<String> byHand = ConcurrentHashMap.newKeySet();

  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  private StandIns(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.claims = new ClaimStandIn(client, namespace);
    byHand.add("migration");
    on(Job.class, this::complete, gone -> claims.all().forEach(c -> act(claims::claim, c)));
    on(StatefulSet.class, this::serve, gone -> {});
    on(PersistentVolumeClaim.class, claims::claim, gone -> {});
    on(StorageInstance.class, seen -> {}, this::collect);
  }

  /** From now on servers of a component, which were left alone, are served again. */
  public void serve(String component) {
    byHand.remove(component);
    client
        .apps()
        .statefulSets()
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(s -> act(this::serve, s));
  }

  /** From now on Jobs and servers of a component are left alone. */
  public void leave(String component) {
    byHand.add(component);
  }

  /** Begins to act in a namespace. */
  public static StandIns in(String namespace) {
    return new StandIns(Cluster.shared().client(), namespace);
  }

  private <T extends HasMetadata> void on(Class<T> type, Consumer<T> seen, Consumer<T> gone) {
    informers.add(
        client
            .resources(type)
            .inNamespace(namespace)
            .inform(
                new ResourceEventHandler<T>() {
                  @Override
                  public void onAdd(T object) {
                    act(seen, object);
                  }

                  @Override
                  public void onUpdate(T before, T object) {
                    act(seen, object);
                  }

                  @Override
                  public void onDelete(T object, boolean unknown) {
                    act(gone, object);
                  }
                }));
  }

  private static <T> void act(Consumer<T> action, T object) {
    try {
      action.accept(object);
    } catch (KubernetesClientException e) {
      // Gone or changed meanwhile: the next event brings what there is now.
      if (e.getCode() != 404 && e.getCode() != 409) {
        throw e;
      }
    }
  }

  private void complete(Job job) {
    if (job.getStatus() != null && job.getStatus().getCompletionTime() != null
        || byHand.contains(job.getMetadata().getLabels().get("app.kubernetes.io/component"))) {
      return;
    }
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    client
        .resource(job)
        .editStatus(j ->
            new JobBuilder(j)
                .editOrNewStatus()
                .withStartTime(now)
                .withCompletionTime(now)
                .withSucceeded(1)
                .withNewUncountedTerminatedPods()
                .endUncountedTerminatedPods()
                .addNewCondition()
                .withType("SuccessCriteriaMet")
                .withStatus("True")
                .endCondition()
                .addNewCondition()
                .withType("Complete")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build());
  }

  private void serve(StatefulSet set) {
    if (byHand.stream()
        .anyMatch(c ->
            set.getMetadata().getLabels() != null
                && c.equals(set.getMetadata().getLabels().get("app.kubernetes.io/component")))) {
      return;
    }
    for (PersistentVolumeClaim template : set.getSpec().getVolumeClaimTemplates()) {
      claims.make(set, template);
    }
    Long generation = set.getMetadata().getGeneration();
    if (set.getStatus() != null && generation.equals(set.getStatus().getObservedGeneration())) {
      return;
    }
    client
        .resource(set)
        .editStatus(s ->
            new StatefulSetBuilder(s)
                .editOrNewStatus()
                .withReplicas(set.getSpec().getReplicas())
                .withReadyReplicas(set.getSpec().getReplicas())
                .withAvailableReplicas(set.getSpec().getReplicas())
                .withCurrentReplicas(set.getSpec().getReplicas())
                .withUpdatedReplicas(set.getSpec().getReplicas())
                .withObservedGeneration(generation)
                .withCurrentRevision("r" + generation)
                .withUpdateRevision("r" + generation)
                .endStatus()
                .build());
  }

  private void collect(StorageInstance instance) {
    for (Class<? extends HasMetadata> type :
        List.of(Secret.class, ConfigMap.class, Service.class, StatefulSet.class, Job.class)) {
      client.resources(type).inNamespace(namespace).list().getItems().stream()
          .filter(o ->
              o.getMetadata().getOwnerReferences().stream()
                  .anyMatch(r -> r.getUid().equals(instance.getMetadata().getUid())))
          .forEach(o -> client.resource(o).delete());
    }
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }
}
