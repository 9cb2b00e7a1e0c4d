package dev.wharfinger.e2e;

import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A StorageInstance as a person sees it. */
final class Instance {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final KubernetesClient client;
  private final String namespace;
  private final String name;

  Instance(KubernetesClient client, String namespace, String name) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
  }

  @Nullable StorageInstance get() {
    return client.resources(StorageInstance.class).inNamespace(namespace).withName(name).get();
  }

  StorageInstance existing() {
    return Objects.requireNonNull(get(), () -> "no StorageInstance " + name);
  }

  /** Waits until the instance is Ready with the generation of the moment, and gives the seconds. */
  double awaitReady() {
    Instant start = Instant.now();
    await("StorageInstance " + name + " Ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(this::ready);
    return Duration.between(start, Instant.now()).toMillis() / 1000.0;
  }

  boolean ready() {
    StorageInstance instance = get();
    if (instance == null || instance.getStatus() == null) {
      return false;
    }
    StorageInstanceStatus status = instance.getStatus();
    return Objects.equals(instance.getMetadata().getGeneration(), status.observedGeneration())
        && "Ready".equals(status.phase());
  }

  /**
   * Waits for a condition of the given type, status True, whose message fits; gives the message.
   */
  String awaitMessage(String type, Predicate<String> fits) {
    return await("StorageInstance " + name + " " + type)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> message(type, c -> "True".equals(c.getStatus())),
            message -> message != null && fits.test(message));
  }

  /** Waits for a condition of the given type with this reason, and gives its message. */
  String awaitReason(String type, String reason) {
    return await("StorageInstance " + name + " " + type + " " + reason)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> message(type, c -> reason.equals(c.getReason())), Objects::nonNull);
  }

  private @Nullable String message(String type, Predicate<Condition> which) {
    StorageInstance instance = get();
    if (instance == null
        || instance.getStatus() == null
        || instance.getStatus().conditions() == null) {
      return null;
    }
    return instance.getStatus().conditions().stream()
        .filter(c -> type.equals(c.getType()) && which.test(c))
        .map(Condition::getMessage)
        .findFirst()
        .orElse(null);
  }

  /** Changes the one field. */
  void backend(String backend) {
    patch("{\"spec\":{\"backend\":\"" + backend + "\"}}");
  }

  /** Changes the resource by a merge patch. */
  void patch(String patch) {
    client
        .resources(StorageInstance.class)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  /** The binding Secret, decoded. */
  Map<String, String> binding() {
    Secret secret =
        Objects.requireNonNull(
            client.secrets().inNamespace(namespace).withName(name + "-binding").get());
    Map<String, String> values = new TreeMap<>();
    secret
        .getData()
        .forEach((key, value) ->
            values.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return values;
  }
}
