package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.migration.Consumer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/**
 * Patches consumers.
 *
 * @param client the client
 * @param namespace where they are
 */
record ConsumerHands(KubernetesClient client, String namespace) {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  /** Merges a patch, which insists on the version that was read. */
  void patch(Consumer consumer, String patch) {
    String name = consumer.name();
    try {
      switch (consumer.kind()) {
        case DEPLOYMENT ->
            client.apps().deployments().inNamespace(namespace).withName(name).patch(MERGE, patch);
        case STATEFUL_SET ->
            client.apps().statefulSets().inNamespace(namespace).withName(name).patch(MERGE, patch);
        case DAEMON_SET ->
            client.apps().daemonSets().inNamespace(namespace).withName(name).patch(MERGE, patch);
        case CRON_JOB ->
            client
                .batch()
                .v1()
                .cronjobs()
                .inNamespace(namespace)
                .withName(name)
                .patch(MERGE, patch);
      }
    } catch (KubernetesClientException e) {
      // A consumer that was deleted since needs neither stopping nor bringing back.
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
