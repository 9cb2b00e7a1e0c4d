package dev.wharfinger.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A namespace with the operator and the stand-ins at work in it. */
public final class Stage implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final KubernetesClient client = Cluster.shared().client();
  private final String namespace;
  private final Clock clock;
  private final StandIns standIns;
  private RunningOperator operator;

  private Stage(String prefix, Clock clock) {
    this.clock = clock;
    namespace = Cluster.shared().namespace(prefix);
    standIns = StandIns.in(namespace);
    operator = RunningOperator.in(namespace, clock);
  }

  /** A new one in a new namespace. */
  public static Stage open(String prefix) {
    return open(prefix, Clock.systemUTC());
  }

  /** The same with another clock for the operator. */
  public static Stage open(String prefix, Clock clock) {
    return new Stage(prefix, clock);
  }

  /** What ends Jobs and serves StatefulSets here. */
  public StandIns standIns() {
    return standIns;
  }

  public KubernetesClient client() {
    return client;
  }

  public String namespace() {
    return namespace;
  }

  public RunningOperator operator() {
    return operator;
  }

  /** Ends the operator and starts another. */
  public void restart() {
    operator.close();
    operator = RunningOperator.in(namespace, clock);
  }

  /** Ends the operator; nothing acts but the stand-ins until {@link #restart}. */
  public void stop() {
    operator.close();
  }

  /** Creates an instance; {@code spec} is its YAML, in flow style or indented by two. */
  public StorageInstance create(String name, String spec) {
    return client
        .resource(
            Yaml.read(
                StorageInstance.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageInstance
                metadata: {name: %s, namespace: %s}
                spec: %s
                """
                    .formatted(name, namespace, spec)))
        .create();
  }

  /** The instance as it is now. */
  public StorageInstance instance(String name) {
    return Objects.requireNonNull(find(StorageInstance.class, name), name);
  }

  /** An object as it is now, which must be there. */
  public <T extends HasMetadata> T get(Class<T> type, String name) {
    return Objects.requireNonNull(find(type, name), type.getSimpleName() + " " + name);
  }

  /** An object as it is now, or null. */
  public <T extends HasMetadata> @Nullable T find(Class<T> type, String name) {
    return client.resources(type).inNamespace(namespace).withName(name).get();
  }

  /** Waits for an object. */
  public <T extends HasMetadata> T awaitObject(Class<T> type, String name) {
    return Objects.requireNonNull(
        await(type.getSimpleName() + " " + name)
            .atMost(PATIENCE)
            .until(() -> find(type, name), Objects::nonNull));
  }

  /** Merges a JSON patch into an object. */
  public void merge(Class<? extends HasMetadata> type, String name, String json) {
    client
        .resources(type)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  /** Waits until the instance is Ready for its present generation, and everything rests. */
  public StorageInstance awaitReady(String name) {
    StorageInstance ready = awaitCondition(name, "Ready", "True", "Ready");
    awaitRest();
    return ready;
  }

  /** Waits for the reason of Stalled and gives the condition's message. */
  public String awaitStalled(String name, String reason) {
    StorageInstance stalled = awaitCondition(name, "Stalled", "True", reason);
    return Objects.requireNonNull(condition(stalled, "Stalled")).getMessage();
  }

  private StorageInstance awaitCondition(String name, String type, String status, String reason) {
    await(name + " " + type + "=" + status + " " + reason)
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          StorageInstance instance = instance(name);
          assertThat(condition(instance, type))
              .as("%s", instance.getStatus())
              .isNotNull()
              .returns(status, Condition::getStatus)
              .returns(reason, Condition::getReason)
              .returns(instance.getMetadata().getGeneration(), Condition::getObservedGeneration);
        });
    return instance(name);
  }

  /** Waits until no run of the operator has ended for a while. */
  public void awaitRest() {
    long[] last = {-1};
    await("rest")
        .pollInterval(Duration.ofMillis(700))
        .atMost(PATIENCE)
        .until(() -> last[0] == (last[0] = operator.runs()));
  }

  /** Changes an annotation of the instance and waits for the run that this causes. */
  public void touch(String name, int turn) {
    long before = operator.runs();
    merge(
        StorageInstance.class,
        name,
        "{\"metadata\":{\"annotations\":{\"example.com/touched\":\"%d\"}}}".formatted(turn));
    await("a run").atMost(PATIENCE).until(() -> operator.runs() > before);
  }

  public static @Nullable Condition condition(StorageInstance instance, String type) {
    if (instance.getStatus() == null || instance.getStatus().conditions() == null) {
      return null;
    }
    return instance.getStatus().conditions().stream()
        .filter(c -> type.equals(c.getType()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    operator.close();
    standIns.close();
  }
}
