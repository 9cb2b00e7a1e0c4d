package dev.wharfinger.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pods of a test's namespace. */
final class Pods {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final KubernetesClient client;
  private final String namespace;

  Pods(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  void awaitReady(String name) {
    await("pod " + name + " Ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> Readiness.isPodReady(get(name)));
  }

  /** The one Ready pod of a Deployment's label {@code app}. */
  Pod awaitReadyOf(String app) {
    return await("a Ready pod of " + app)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                of(app).stream()
                    .filter(Readiness::isPodReady)
                    .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                    .findFirst()
                    .orElse(null),
            pod -> pod != null);
  }

  List<Pod> of(String app) {
    return client.pods().inNamespace(namespace).withLabel("app", app).list().getItems();
  }

  /** The one pod of a Job. */
  Pod ofJob(String job) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("batch.kubernetes.io/job-name", job)
        .list()
        .getItems()
        .getFirst();
  }

  @Nullable Pod get(String name) {
    return client.pods().inNamespace(namespace).withName(name).get();
  }

  String log(String name) {
    return client.pods().inNamespace(namespace).withName(name).getLog();
  }

  /** Runs a command in a pod and gives its output. */
  String exec(String name, String... command) {
    String[] words = new String[command.length + 6];
    System.arraycopy(new String[] {"kubectl", "exec", "-n", namespace, name, "--"}, 0, words, 0, 6);
    System.arraycopy(command, 0, words, 6, command.length);
    return Shell.run(words);
  }

  void delete(String name) {
    client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
  }

  void describe() {
    for (Pod pod : client.pods().inNamespace(namespace).list().getItems()) {
      String name = pod.getMetadata().getName();
      System.out.println("-- the end of the log of pod " + name);
      System.out.println(
          Shell.attempt("kubectl", "logs", "-n", namespace, name, "--all-containers", "--tail=25")
              .output());
    }
  }
}
