package dev.wharfinger.operator;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.RegisteredController;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of the configured namespaces those that the operator may read. One that was deleted took its Role
 * with it, and must not keep the others from being served; it is served as soon as it is back.
 */
final class ServedNamespaces {
  private static final Logger LOG = LoggerFactory.getLogger(ServedNamespaces.class);

  private final KubernetesClient client;
  private final Set<String> configured;
  private final Duration pause;
  private volatile Set<String> served = Set.of();

  /**
   * Nothing is served yet.
   *
   * @param pause how long to wait before looking again for those that are missing
   */
  ServedNamespaces(KubernetesClient client, Set<String> configured, Duration pause) {
    this.client = client;
    this.configured = configured;
    this.pause = pause;
  }

  /**
   * The namespaces to start with. Waits until there is at least one: none at all would mean every
   * namespace to the framework.
   */
  Set<String> awaitFirst() throws InterruptedException {
    served = readable();
    missing().forEach(n -> LOG.warn("{}", absent(n)));
    while (served.isEmpty()) {
      Thread.sleep(pause);
      served = readable();
    }
    return served;
  }

  /** Whether there is nothing to start with yet. */
  boolean waiting() {
    return served.isEmpty();
  }

  /** The configured namespaces that are not served. */
  Set<String> missing() {
    Set<String> missing = new TreeSet<>(configured);
    missing.removeAll(served);
    return missing;
  }

  /**
   * Serves missing namespaces as they appear, until there are none or the thread is interrupted.
   *
   * @param failed what to do when the controllers cannot be told: then they serve nothing
   */
  Thread follow(List<RegisteredController<?>> controllers, Runnable failed) {
    return Thread.ofPlatform()
        .daemon()
        .name("namespaces")
        .start(() -> {
          try {
            while (!missing().isEmpty()) {
              Thread.sleep(pause);
              look(controllers);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            LOG.error("a namespace that appeared cannot be served", e);
            failed.run();
          }
        });
  }

  private void look(List<RegisteredController<?>> controllers) {
    Set<String> found;
    try {
      found = readable();
    } catch (KubernetesClientException e) {
      LOG.debug("the API server did not answer: {}", e.getMessage());
      return;
    }
    // What is served stays: a namespace that vanishes ends its watches, and with them the process.
    found.addAll(served);
    if (found.size() > served.size()) {
      controllers.forEach(c -> c.changeNamespaces(found));
      served = Set.copyOf(found);
      LOG.info("serving namespaces {} now", String.join(", ", found));
    }
  }

  private Set<String> readable() {
    Set<String> readable = new TreeSet<>();
    configured.stream().filter(this::readable).forEach(readable::add);
    return readable;
  }

  private boolean readable(String namespace) {
    try {
      client
          .resources(StorageInstance.class)
          .inNamespace(namespace)
          .list(new ListOptionsBuilder().withLimit(1L).build());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      return false;
    }
  }

  private static String absent(String namespace) {
    return "namespace "
        + namespace
        + " is not served: it does not exist, or the operator has no rights in it. It is served as"
        + " soon as it has both; make it and upgrade the chart, or take it out of watchNamespaces";
  }
}
