package dev.wharfinger.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The operator of one story, installed by its chart with Helm. */
final class Operator {
  private static final Pattern COMPLAINT =
      Pattern.compile("\\S+ (ERROR|FATAL) .*|\\s+at [\\w.$/]+\\(.*|.*Exception in thread.*");

  private final KubernetesClient client;
  private final String namespace;
  // What a killed operator had written, as its pod is gone.
  private final List<String> lastWords = new ArrayList<>();

  Operator(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  void install(List<String> watched) {
    Shell.run(
        "helm",
        "upgrade",
        "--install",
        "wharfinger",
        Shell.TOP.resolve("charts/wharfinger").toString(),
        "--namespace",
        namespace,
        "--values",
        Shell.TOP.resolve("e2e/values.yaml").toString(),
        "--set",
        "watchNamespaces={" + String.join(",", watched) + "}",
        "--wait",
        "--timeout",
        "3m");
  }

  /**
   * Gives a value of the chart, such as {@code replicas=2}, and waits for the operator that has it.
   */
  void set(String value) {
    Shell.run(
        "helm",
        "upgrade",
        "wharfinger",
        Shell.TOP.resolve("charts/wharfinger").toString(),
        "--namespace",
        namespace,
        "--reuse-values",
        "--set",
        value,
        "--wait",
        "--timeout",
        "3m");
  }

  void uninstall() {
    Shell.attempt("helm", "uninstall", "wharfinger", "--namespace", namespace, "--wait");
  }

  /** Ends the operator without a chance to say goodbye, and waits for nothing. */
  void kill() {
    for (Pod pod : pods()) {
      lastWords.add(read(pod));
      client
          .pods()
          .inNamespace(namespace)
          .withName(pod.getMetadata().getName())
          .withGracePeriod(0)
          .delete();
    }
  }

  /** Lines of the log since {@code since} that nobody expects: errors and stack traces. */
  List<String> complaints(Instant since) {
    return log(since).lines().filter(line -> COMPLAINT.matcher(line).matches()).toList();
  }

  String log(Instant since) {
    StringBuilder log = new StringBuilder();
    lastWords.forEach(log::append);
    lastWords.clear();
    for (Pod pod : pods()) {
      log.append(
          client
              .pods()
              .inNamespace(namespace)
              .withName(pod.getMetadata().getName())
              .sinceTime(since.toString())
              .getLog());
    }
    return log.toString();
  }

  /** What the operator's memory is, as the kubelet tells it, in MiB. */
  String memory() {
    Pod pod = pods().getFirst();
    String summary =
        client.raw("/api/v1/nodes/" + pod.getSpec().getNodeName() + "/proxy/stats/summary");
    try {
      for (JsonNode stats : new ObjectMapper().readTree(summary).get("pods")) {
        if (stats.at("/podRef/uid").asText().equals(pod.getMetadata().getUid())) {
          JsonNode memory = stats.at("/containers/0/memory");
          return String.format(
              Locale.ROOT,
              "%d MiB resident, %d MiB working set",
              memory.get("rssBytes").asLong() >> 20,
              memory.get("workingSetBytes").asLong() >> 20);
        }
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return "unknown";
  }

  private String read(Pod pod) {
    return client.pods().inNamespace(namespace).withName(pod.getMetadata().getName()).getLog();
  }

  private List<Pod> pods() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/name", "wharfinger")
        .list()
        .getItems();
  }
}
