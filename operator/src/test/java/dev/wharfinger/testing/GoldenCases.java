package dev.wharfinger.testing;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders of {@code src/test/resources/golden}: {@code in-*.yaml} is what is given, {@code
 * out-*.yaml} what must come of it.
 */
public final class GoldenCases {
  private static final Path ROOT = Path.of("src", "test", "resources", "golden");

  private GoldenCases() {}

  /** All cases, sorted by name. */
  public static List<Path> all() {
    try (Stream<Path> cases = Files.list(ROOT)) {
      return cases
          .filter(folder -> Files.exists(folder.resolve("in-instance.yaml")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Secret that somebody else made, or null. */
  public static @Nullable Secret secret(Path golden) {
    return Files.exists(golden.resolve("in-secret.yaml"))
        ? Yaml.read(Secret.class, text(golden, "in-secret.yaml"))
        : null;
  }

  /** The ConfigMap with migrations, or null. */
  public static @Nullable ConfigMap migrations(Path golden) {
    return Files.exists(golden.resolve("in-configmap.yaml"))
        ? Yaml.read(ConfigMap.class, text(golden, "in-configmap.yaml"))
        : null;
  }

  /** Text of a file of a case. */
  public static String text(Path golden, String file) {
    try {
      return Files.readString(golden.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
