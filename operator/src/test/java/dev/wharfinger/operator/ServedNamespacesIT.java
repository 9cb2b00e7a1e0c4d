package dev.wharfinger.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.reconcile.InstanceGauges;
import dev.wharfinger.operator.reconcile.StorageInstanceReconciler;
import dev.wharfinger.operator.reconcile.StorageMigrationReconciler;
import dev.wharfinger.testing.Cluster;
import dev.wharfinger.testing.Helm;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A namespace that does not exist hurts nobody else, and is served once it does. */
class ServedNamespacesIT {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final KubernetesClient ADMIN = Cluster.shared().client();

  @Test
  void aMissingNamespaceIsServedOnceItAppears() throws InterruptedException {
    String here = Cluster.shared().namespace("served");
    String later = here + "-later";
    KubernetesClient client = clientOf(here);
    ServedNamespaces namespaces = new ServedNamespaces(client, Set.of(here, later), PAUSE);
    Operator operator =
        new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(true));
    AtomicBoolean failed = new AtomicBoolean();
    try {
      Set<String> first = namespaces.awaitFirst();
      assertThat(first).containsExactly(here);
      assertThat(namespaces.missing()).containsExactly(later);
      List<RegisteredController<?>> controllers =
          List.of(
              operator.register(
                  new StorageInstanceReconciler(
                      RunningOperator.config(here),
                      Clock.systemUTC(),
                      new InstanceGauges(new SimpleMeterRegistry())),
                  override -> override.settingNamespaces(first)),
              operator.register(
                  new StorageMigrationReconciler(RunningOperator.config(here), Clock.systemUTC()),
                  override -> override.settingNamespaces(first)));
      operator.start();
      namespaces.follow(controllers, () -> failed.set(true));
      awaitServed(here, "one");

      ADMIN
          .resource(new NamespaceBuilder().withNewMetadata().withName(later).endMetadata().build())
          .create();
      rights(here, later);
      await("all served").until(() -> namespaces.missing().isEmpty());
      awaitServed(later, "two");
      awaitServed(here, "three");
      assertThat(operator.getRuntimeInfo().allEventSourcesAreHealthy()).isTrue();
      assertThat(failed).isFalse();
    } finally {
      operator.stop();
    }
  }

  @Test
  void withoutAnyItWaits() throws InterruptedException {
    String here = Cluster.shared().namespace("served");
    String later = here + "-later";
    try (KubernetesClient client = clientOf(here)) {
      ServedNamespaces namespaces = new ServedNamespaces(client, Set.of(later), PAUSE);
      Thread waiting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  namespaces.awaitFirst();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
      assertThat(namespaces.waiting()).isTrue();
      ADMIN
          .resource(new NamespaceBuilder().withNewMetadata().withName(later).endMetadata().build())
          .create();
      rights(here, later);
      await().until(() -> !namespaces.waiting());
      waiting.join();
    }
  }

  /** Children come from the caches of all watches, so a finished status needs every one of them. */
  private static void awaitServed(String namespace, String name) {
    ADMIN
        .resource(
            Yaml.read(
                StorageInstance.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageInstance
                metadata: {name: %s, namespace: %s}
                spec: {sqlite: {inMemory: true}}
                """
                    .formatted(name, namespace)))
        .create();
    await(name + " in " + namespace)
        .untilAsserted(() -> {
          StorageInstance instance =
              ADMIN.resources(StorageInstance.class).inNamespace(namespace).withName(name).get();
          assertThat(instance.getStatus()).isNotNull();
          assertThat(instance.getStatus().phase()).isEqualTo("Ready");
        });
  }

  private static KubernetesClient clientOf(String namespace) {
    return new KubernetesClientBuilder().withConfig(Cluster.shared().operatorOf(namespace)).build();
  }

  /** What an upgrade of the chart gives the operator of one namespace in another. */
  private static void rights(String operator, String namespace) {
    Helm.template(operator, "--set", "watchNamespaces={" + operator + "," + namespace + "}")
        .stream()
        .filter(o -> o instanceof Role || o instanceof RoleBinding)
        .filter(o -> namespace.equals(o.getMetadata().getNamespace()))
        .forEach(o -> ADMIN.resource(o).serverSideApply());
  }
}
