package dev.wharfinger.e2e.fault;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One namespace with everything that lives in it: an operator behind its proxy, the stand-ins, and
 * the record of what happened.
 */
final class Lane implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Floor floor;
  private final String namespace;
  private final History history = new History();
  private final World world = new World(history);
  private final Kubelet kubelet;
  private final FaultProxy proxy;
  private final OperatorProcess operator;
  private final Invariants invariants;

  private Lane(Floor floor, String prefix, Map<String, String> environment, boolean webSockets) {
    this.floor = floor;
    namespace = floor.namespace(prefix);
    invariants = new Invariants(namespace, world);
    history.read(invariants);
    kubelet = new Kubelet(floor.client(), namespace, world);
    floor
        .lookout()
        .listen(
            namespace,
            (kind, object) -> {
              history.seen(kind, object);
              kubelet.seen(kind, object);
            });
    proxy = new FaultProxy(floor.upstream(), namespace + ":wharfinger", history, webSockets);
    proxy.add(kubelet::logs);
    operator = new OperatorProcess(namespace, namespace, proxy.kubeconfig(), environment);
  }

  /** A new lane whose operator runs. */
  static Lane open(String prefix) {
    return open(prefix, false);
  }

  /** The same, with an operator that watches by WebSocket. */
  static Lane open(String prefix, boolean webSockets) {
    Lane lane = new Lane(Floor.shared(), prefix, Map.of(), webSockets);
    lane.operator.start();
    return lane;
  }

  /** A new lane whose operator has still to be started. */
  static Lane idle(String prefix, Map<String, String> environment) {
    return idle(Floor.shared(), prefix, environment);
  }

  static Lane idle(Floor floor, String prefix, Map<String, String> environment) {
    return new Lane(floor, prefix, environment, false);
  }

  KubernetesClient client() {
    return floor.client();
  }

  Floor floor() {
    return floor;
  }

  String namespace() {
    return namespace;
  }

  History history() {
    return history;
  }

  Kubelet kubelet() {
    return kubelet;
  }

  World world() {
    return world;
  }

  FaultProxy proxy() {
    return proxy;
  }

  OperatorProcess operator() {
    return operator;
  }

  Invariants invariants() {
    return invariants;
  }

  /** An object as it is now, or null. */
  <T extends HasMetadata> @Nullable T find(Class<T> type, String name) {
    return client().resources(type).inNamespace(namespace).withName(name).get();
  }

  /** An object as it is now. */
  <T extends HasMetadata> T get(Class<T> type, String name) {
    return Objects.requireNonNull(find(type, name), type.getSimpleName() + " " + name);
  }

  /** A person applies objects. */
  void create(String yaml) {
    history.happened("person", "creates " + yaml.lines().findFirst().orElse(""));
    client().load(new java.io.ByteArrayInputStream(bytes(yaml))).inNamespace(namespace).create();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** A person merges a patch into an object. */
  void merge(Class<? extends HasMetadata> type, String name, String json) {
    history.happened("person", "merges into " + type.getSimpleName() + " " + name + ": " + json);
    patch(type, name, json);
  }

  /** The same, not worth a note. */
  void patch(Class<? extends HasMetadata> type, String name, String json) {
    client()
        .resources(type)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  /** A person deletes an object, and does not wait. */
  void delete(Class<? extends HasMetadata> type, String name) {
    history.happened("person", "deletes " + type.getSimpleName() + " " + name);
    client().resources(type).inNamespace(namespace).withName(name).delete();
  }

  /** Waits for a condition; a broken invariant ends the wait. */
  void until(String what, BooleanSupplier condition) {
    until(what, PATIENCE, condition);
  }

  void until(String what, Duration patience, BooleanSupplier condition) {
    until(what, patience, Duration.ofMillis(50), condition);
  }

  /** The same, asking at this interval: a question can cost more than what it waits for. */
  void until(String what, Duration patience, Duration interval, BooleanSupplier condition) {
    await(what)
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(interval)
        .failFast(() -> {
          Invariants.Broken broken = invariants.first();
          if (broken != null) {
            throw new AssertionError(broken.text());
          }
        })
        .until(condition::getAsBoolean);
  }

  @Override
  public void close() {
    operator.close();
    kubelet.close();
    floor.lookout().forget(namespace);
    proxy.close();
  }
}
