package dev.wharfinger.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.ApiServer;
import dev.wharfinger.testing.ApiServerExtension;
import dev.wharfinger.testing.Helm;
import dev.wharfinger.testing.Repository;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every snippet of README, CONTRIBUTING, docs and examples: objects are taken by a real API server
 * under Pod Security {@code restricted}, values by Helm, commands by the programs they name.
 */
@ExtendWith(ApiServerExtension.class)
class DocumentationIT {
  /** Nothing stands in it: each object is taken as the first of its name. */
  private static final String EMPTY = "documentation-objects";

  /** Holds the objects that commands speak of. */
  private static final String NAMESPACE = "documentation";

  private static final Path RESOURCES =
      Repository.crds().resolve("src/test/resources/documentation");

  @TempDir static Path scratch;
  private static Shell shell;
  private static Shell empty;

  @BeforeAll
  static void clusters(ApiServer server, KubernetesClient client) throws IOException {
    for (String name : List.of(EMPTY, NAMESPACE, "team-a", "team-b")) {
      client.resource(namespace(name)).create();
    }
    // Its pods need one, and no controller is there to make it.
    client
        .resource(
            new ServiceAccountBuilder().withNewMetadata().withName("default").endMetadata().build())
        .inNamespace(EMPTY)
        .create();
    Stream.concat(
            Documentation.examples().stream().filter(f -> f.endsWith("storageinstance.yaml")),
            Stream.of(RESOURCES.resolve("objects.yaml")))
        .forEach(file -> client.load(stream(file)).inNamespace(NAMESPACE).create());
    shell = new Shell(Files.createDirectory(scratch.resolve("a")), server.kubeconfig(), NAMESPACE);
    empty = new Shell(Files.createDirectory(scratch.resolve("b")), server.kubeconfig(), EMPTY);
  }

  private static Namespace namespace(String name) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
        .endMetadata()
        .build();
  }

  @TestFactory
  Stream<DynamicTest> everyObjectIsTaken() {
    return Documentation.snippets("yaml").stream()
        .filter(DocumentationIT::isObject)
        .map(snippet -> test(snippet, () -> applied(snippet)));
  }

  @TestFactory
  Stream<DynamicTest> everyOtherYamlIsValuesOfTheChart() {
    return Documentation.snippets("yaml").stream()
        .filter(snippet -> !isObject(snippet))
        .map(snippet ->
            test(
                snippet,
                () -> {
                  Path values = Files.writeString(scratch.resolve("values.yaml"), snippet.text());
                  assertThat(Helm.template(NAMESPACE, "-f", values.toString())).isNotEmpty();
                }));
  }

  @TestFactory
  Stream<DynamicTest> everyCommandRuns() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Snippet snippet : Documentation.snippets("sh")) {
      tests.add(
          test(
              snippet,
              () -> {
                succeeded(snippet, Shell.parse(snippet.text()));
                succeeded(snippet, shell.run(snippet.text()));
              }));
    }
    tests.add(
        DynamicTest.dynamicTest(
            "what was left out is listed with its reason",
            () -> assertThat(shell.skipped()).containsExactlyInAnyOrderElementsOf(leftOut())));
    return tests.stream();
  }

  @Test
  void everyFenceSaysWhatItHolds() {
    assertThat(Documentation.all())
        .allSatisfy(snippet ->
            assertThat(snippet.language()).as(snippet.place()).isIn("sh", "yaml", "text"));
    assertThat(Documentation.snippets("sh")).isNotEmpty();
    assertThat(Documentation.snippets("yaml")).isNotEmpty();
  }

  private static void applied(Snippet snippet) throws IOException {
    Path file = Files.writeString(scratch.resolve("object.yaml"), snippet.text());
    succeeded(snippet, empty.run("kubectl apply --server-side -f " + file));
  }

  private static boolean isObject(Snippet snippet) {
    return snippet.text().lines().anyMatch(line -> line.startsWith("kind:"));
  }

  /** A command's words, and after {@code " # "} why it is left out. */
  private static List<String> leftOut() {
    Path list = RESOURCES.resolve("only-on-a-cluster.txt");
    List<String> lines = Snippet.read(list).lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(lines).allMatch(line -> line.contains(" # "));
    return lines.stream().map(line -> line.substring(0, line.indexOf(" # "))).toList();
  }

  private static void succeeded(Snippet snippet, Shell.Result result) {
    assertThat(result.code()).as(snippet.place() + "\n" + result.output()).isZero();
  }

  private static InputStream stream(Path file) {
    return new ByteArrayInputStream(Snippet.read(file).getBytes(StandardCharsets.UTF_8));
  }

  private static DynamicTest test(Snippet snippet, Executable executable) {
    String first = Arrays.stream(snippet.text().split("\n", -1)).findFirst().orElse("");
    return DynamicTest.dynamicTest(snippet.place() + " " + first, executable);
  }
}
