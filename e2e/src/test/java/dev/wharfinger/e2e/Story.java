package dev.wharfinger.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The place of one story: an operator installed by the chart, and for every test a namespace of its
 * own where Pod Security {@code restricted} is enforced. After each test the operator's log is
 * read, and a failed test's world is described.
 */
final class Story
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private final String name;
  private final int tests;
  private final List<String> free = new ArrayList<>();
  private final List<String> namespaces = new ArrayList<>();
  private final KubernetesClient client = new KubernetesClientBuilder().build();
  private final Operator operator;
  private String namespace = "";
  private Instant began = Instant.now();

  /**
   * A story.
   *
   * @param name short name, part of its namespaces' names
   * @param tests how many tests it has; with one the operator shares the test's namespace
   */
  Story(String name, int tests) {
    // A namespace of an earlier run may still be going away.
    this.name = "e2e-" + name + "-" + Long.toString(System.currentTimeMillis() / 1000, 36);
    this.tests = tests;
    this.operator = new Operator(client, this.name);
  }

  KubernetesClient client() {
    return client;
  }

  /** Namespace of the test that runs. */
  String namespace() {
    return namespace;
  }

  /** Leaves out of the check of the operator's log what was said before. */
  void readLogSince(Instant instant) {
    began = instant;
  }

  Operator operator() {
    return operator;
  }

  /** Applies a folder of {@code examples/}, as the README says. */
  void apply(String example) {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        namespace,
        "-f",
        Shell.TOP.resolve("examples/" + example).toString());
  }

  /** Patches a resource of this test's namespace, as kubectl does by default. */
  void patch(String resource, String patch) {
    Shell.run("kubectl", "patch", resource, "-n", namespace, "--patch", patch);
  }

  /** The StorageInstance {@code instance} of this test's namespace. */
  Instance instance(String instance) {
    return new Instance(client, namespace, instance);
  }

  /** The newest move of {@code instance} in this test's namespace. */
  Migration migration(String instance) {
    return new Migration(client, namespace, instance);
  }

  /**
   * Runs a statement in the pod {@code <instance>-client}, connected by the binding's URI alone.
   */
  String psql(String instance, String statement) {
    String uri = Objects.requireNonNull(instance(instance).binding().get("uri"));
    String client = instance + "-client";
    // The node learns of a Ready server's address a moment after everybody else.
    await("the Service of " + instance + " leads to its server")
        .atMost(Duration.ofMinutes(1))
        .until(() ->
            Shell.attempt(
                        "kubectl",
                        "exec",
                        "-n",
                        namespace,
                        client,
                        "--",
                        "psql",
                        "-qAt",
                        uri,
                        "-c",
                        "SELECT 1")
                    .code()
                == 0);
    return pods().exec(client, "psql", "-qAt", uri, "-c", statement);
  }

  /** The pods of this test's namespace. */
  Pods pods() {
    return new Pods(client, namespace);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (tests == 1) {
      free.add(name);
    } else {
      createNamespace(name);
      for (int i = 1; i <= tests; i++) {
        free.add(name + "-" + i);
      }
    }
    free.forEach(this::createNamespace);
    operator.install(free);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    namespace = free.removeFirst();
    began = Instant.now();
    System.out.printf("-- %s in %s%n", context.getDisplayName(), namespace);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    boolean failed = context.getExecutionException().isPresent();
    if (failed) {
      describe();
    }
    List<String> complaints = operator.complaints(began);
    clear();
    if (!failed && !complaints.isEmpty()) {
      throw new AssertionError(
          "the operator's log has unexpected lines:\n" + String.join("\n", complaints));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    operator.uninstall();
    namespaces.forEach(used -> client.namespaces().withName(used).delete());
    client.close();
  }

  private void createNamespace(String name) {
    Namespace restricted =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
            .endMetadata()
            .build();
    client.namespaces().resource(restricted).create();
    namespaces.add(name);
  }

  /** Applications, then the resources, while their operator is there to let go of them. */
  private void clear() {
    delete("deployments", "--selector=app.kubernetes.io/name!=wharfinger");
    delete("storageinstances,storagemigrations,storagebackups,storagerestores", "--all");
    // The namespace stays until the end: an operator that is restarted wants all that it watches.
    delete("pods,jobs", "--selector=app.kubernetes.io/name!=wharfinger");
  }

  private void delete(String kinds, String which) {
    Shell.attempt("kubectl", "delete", kinds, which, "-n", namespace, "--timeout=60s");
  }

  private void describe() {
    for (String[] command :
        new String[][] {
          {
            "get",
            "storageinstances,storagemigrations,pods,jobs,pvc,secrets,configmaps",
            "-o",
            "wide"
          },
          {"get", "storageinstances,storagemigrations", "-o", "yaml"},
          {"get", "events", "--sort-by=.lastTimestamp"}
        }) {
      List<String> words = new ArrayList<>(List.of("kubectl", "-n", namespace));
      words.addAll(List.of(command));
      System.out.println("-- " + String.join(" ", words));
      System.out.println(Shell.attempt(words.toArray(String[]::new)).output());
    }
    pods().describe();
    System.out.println("-- the operator's log");
    System.out.println(operator.log(began));
  }
}
