package dev.wharfinger.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The chart, rendered by Helm as a user's Helm would. */
public final class Helm {
  /** Helm without a cluster does not know one's version; the chart asks for a minimum. */
  private static final String KUBERNETES = "1.34.0";

  private Helm() {}

  /**
   * What an installation of release {@code wharfinger} creates, CRDs apart.
   *
   * @param namespace the release's namespace
   * @param arguments further arguments, such as {@code --set replicas=2}, word by word
   * @throws IllegalStateException with Helm's words where it refuses
   */
  public static List<HasMetadata> template(String namespace, String... arguments) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("template", "wharfinger", Repository.chart().toString()));
    words.addAll(List.of("--namespace", namespace, "--kube-version", KUBERNETES));
    words.addAll(List.of(arguments));
    return Stream.of(run(words).split("(?m)^---$"))
        .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
        .map(document -> Serialization.<HasMetadata>unmarshal(document))
        .toList();
  }

  /** Lints the chart with its default values; warnings count. */
  public static String lint() {
    return run(List.of("lint", "--strict", Repository.chart().toString()));
  }

  private static String run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("helm"));
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while helm ran", e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "helm does not start; the chart's tests need it on the PATH: export PATH=$(e2e/cluster/cluster binaries):$PATH",
          e);
    }
  }
}
