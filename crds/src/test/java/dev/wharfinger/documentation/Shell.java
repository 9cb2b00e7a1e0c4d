package dev.wharfinger.documentation;

import dev.wharfinger.testing.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs shell snippets by bash, which knows best what their words are. The commands in them are the
 * functions of {@code commands.sh}; there are no others.
 */
final class Shell {
  private static final String COMMANDS = "crds/src/test/resources/documentation/commands.sh";

  private final Map<String, String> environment;

  /**
   * A shell on a cluster.
   *
   * @param directory for its scratch files
   * @param kubeconfig an administrator's, as YAML
   * @param namespace the namespace of commands that name none
   */
  Shell(Path directory, String kubeconfig, String namespace) throws IOException {
    Path file = Files.writeString(directory.resolve("kubeconfig"), kubeconfig);
    this.environment =
        Map.of(
            "KUBECONFIG", file.toString(),
            "NAMESPACE", namespace,
            "KUBECTL", kubectl().toString(),
            "SKIPPED", directory.resolve("skipped").toString(),
            "HELM_CACHE_HOME", directory.resolve("helm").toString());
  }

  /** What became of a snippet. */
  record Result(int code, String output) {}

  /** Whether bash can read it. */
  static Result parse(String text) {
    return bash(Map.of(), text, "-n");
  }

  /** Runs it, up to the first command that fails. */
  Result run(String text) {
    return bash(environment, ". " + COMMANDS + "\n" + text);
  }

  /** The commands left out so far because they need more than this cluster, one per line. */
  List<String> skipped() throws IOException {
    Path file = Path.of(environment.get("SKIPPED"));
    return Files.exists(file) ? Files.readAllLines(file).stream().distinct().toList() : List.of();
  }

  private static Path kubectl() throws IOException {
    try (Stream<Path> releases =
        Files.list(Path.of(System.getenv("KUBE_API_TEST_DIR")).resolve("k8s"))) {
      return releases
          .map(r -> r.resolve("kubectl"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow();
    }
  }

  private static Result bash(Map<String, String> environment, String text, String... options) {
    ProcessBuilder builder = new ProcessBuilder("bash");
    builder.command().addAll(List.of(options));
    builder.environment().putAll(environment);
    builder.directory(Repository.root().toFile()).redirectErrorStream(true);
    try {
      Process process = builder.start();
      try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
        stdin.write(text);
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while bash ran", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
