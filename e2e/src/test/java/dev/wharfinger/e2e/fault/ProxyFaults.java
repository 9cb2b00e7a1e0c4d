package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy itself, with the operator's own client on one side and a real API server behind it. */
class ProxyFaults {
  private final Floor floor = Floor.shared();
  private final History history = new History();
  private String namespace;
  private FaultProxy proxy;
  private KubernetesClient client;

  @BeforeEach
  void begin() {
    namespace = floor.namespace("proxy");
    connect(false);
  }

  private void connect(boolean webSockets) {
    proxy = new FaultProxy(floor.upstream(), namespace + ":wharfinger", history, webSockets);
    Config config = Config.fromKubeconfig(proxy.kubeconfig());
    config.setRequestRetryBackoffInterval(10);
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void end() {
    client.close();
    proxy.close();
  }

  private ConfigMap map(String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .build();
  }

  private boolean exists(String name) {
    return floor.client().configMaps().inNamespace(namespace).withName(name).get() != null;
  }

  private void make(String name) {
    floor.client().resource(map(name)).create();
  }

  private static Action.Rule once(String verb, Action action) {
    AtomicInteger left = new AtomicInteger(1);
    return request ->
        request.is(verb, "configmaps") && left.getAndDecrement() > 0 ? action : Action.PASS;
  }

  @Test
  void recordsWhatIsAskedAndAnswered() {
    client.resource(map("a")).create();
    client.configMaps().inNamespace(namespace).withName("none").get();
    client.configMaps().inNamespace(namespace).list();
    assertThat(
            history
                .requests(0)
                .map(r -> r.verb() + " " + r.resource() + " " + r.name() + " " + r.code))
        .containsExactly(
            "create configmaps a 201", "get configmaps none 404", "list configmaps  200");
    assertThat(history.requests(0)).allMatch(r -> r.namespace().equals(namespace));
  }

  @Test
  void actsAsTheServiceAccountAndNotAsAdministrator() {
    assertThatThrownBy(() -> client.namespaces().list())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("system:serviceaccount:" + namespace + ":wharfinger");
  }

  @Test
  void aLostRequestIsNeverSeenByTheApiServer() {
    AtomicInteger seen = new AtomicInteger();
    proxy.add(once("create", Action.LOSE));
    proxy.add(request -> {
      if (seen.getAndIncrement() == 1) {
        assertThat(exists("a")).isFalse();
      }
      return Action.PASS;
    });
    client.resource(map("a")).create();
    assertThat(exists("a")).isTrue();
    assertThat(history.requests(0).map(r -> r.code)).containsExactly(-1, 201);
  }

  @Test
  void anUnansweredRequestIsDoneAndSentAgain() {
    proxy.add(once("create", Action.UNANSWERED));
    assertThatThrownBy(() -> client.resource(map("a")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    assertThat(history.requests(0).map(r -> r.code)).containsExactly(201, 409);
  }

  @Test
  void refusesWithEveryCodeInTheApiServersForm() {
    for (int code : new int[] {409, 410, 422}) {
      proxy.add(once("create", Action.refuse(code, "Made")));
      assertThatThrownBy(() -> client.resource(map("a")).create())
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              e -> {
                assertThat(e.getCode()).isEqualTo(code);
                assertThat(e.getStatus().getReason()).isEqualTo("Made");
              });
    }
    proxy.add(once("list", Action.refuse(503, "Made")));
    // The client tries this again by itself.
    client.configMaps().inNamespace(namespace).list();
    assertThat(exists("a")).isFalse();
    assertThat(history.requests(0).map(r -> r.code)).containsExactly(409, 410, 422, 503, 200);
  }

  @ParameterizedTest(name = "by WebSocket: {0}")
  @ValueSource(booleans = {false, true})
  void watchesStreamAndCanBeHeldCutAndExpired(boolean webSockets) {
    end();
    connect(webSockets);
    List<String> seen = new CopyOnWriteArrayList<>();
    try (SharedIndexInformer<ConfigMap> informer = inform(seen)) {
      await().until(() -> proxy.watches().open() == 1);
      make("a");
      await().until(() -> seen.contains("a"));

      proxy.watches().hold("configmaps");
      make("b");
      // What comes later over the same watch proves that nothing more comes.
      await().until(() -> exists("b"));
      assertThat(seen).doesNotContain("b");
      proxy.watches().release();
      await().until(() -> seen.contains("b"));

      assertThat(proxy.watches().cut(r -> r.equals("configmaps"))).isEqualTo(1);
      make("c");
      await().until(() -> seen.contains("c"));

      proxy.watches().expire(r -> true);
      make("d");
      await().until(() -> seen.contains("d"));
      assertThat(history.requests(0).filter(r -> r.is("list", "configmaps"))).hasSize(2);
      assertThat(informer.isRunning()).isTrue();
    }
  }

  @Test
  void showsAnOldList() {
    make("old");
    OldView view =
        OldView.of(
            proxy,
            Stream.of(
                URI.create("/api/v1/namespaces/" + namespace + "/configmaps?resourceVersion=0")));
    floor.client().configMaps().inNamespace(namespace).withName("old").delete();
    make("new");

    view.show();
    List<String> seen = new CopyOnWriteArrayList<>();
    try (SharedIndexInformer<ConfigMap> informer = inform(seen)) {
      await().until(() -> proxy.watches().open() == 1);
      assertThat(seen).contains("old").doesNotContain("new");
      view.hide();
      await().until(() -> seen.contains("new"));
      await().until(() -> informer.getStore().getByKey(namespace + "/old") == null);
    }
  }

  private SharedIndexInformer<ConfigMap> inform(List<String> seen) {
    return client
        .configMaps()
        .inNamespace(namespace)
        .inform(
            new ResourceEventHandler<ConfigMap>() {
              @Override
              public void onAdd(ConfigMap object) {
                seen.add(object.getMetadata().getName());
              }

              @Override
              public void onUpdate(ConfigMap before, ConfigMap object) {}

              @Override
              public void onDelete(ConfigMap object, boolean unknown) {}
            });
  }
}
