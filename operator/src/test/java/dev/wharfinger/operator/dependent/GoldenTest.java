package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.GoldenCases;
import dev.wharfinger.testing.GoldenObjects;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Instance in, objects out. A new case is a folder with an {@code in-instance.yaml}; run with
 * {@code -Dgolden.write=true} to write what comes of it, and read that before it is committed.
 * OXY-19: {@code postgresql-18} has its data where other majors have theirs.
 */
class GoldenTest {
  private static final boolean WRITE = Boolean.getBoolean("golden.write");

  @TestFactory
  Stream<DynamicTest> everyCase() {
    return GoldenCases.all().stream()
        .map(golden ->
            DynamicTest.dynamicTest(golden.getFileName().toString(), () -> check(golden)));
  }

  private static void check(Path golden) throws IOException {
    Map<String, String> actual =
        GoldenObjects.of(golden).stream()
            .collect(
                Collectors.toMap(GoldenTest::file, GoldenTest::text, (a, b) -> a, TreeMap::new));
    if (WRITE) {
      for (Map.Entry<String, String> file : actual.entrySet()) {
        Files.writeString(golden.resolve(file.getKey()), file.getValue());
      }
    }
    Map<String, String> expected = new TreeMap<>();
    try (Stream<Path> files = Files.list(golden)) {
      files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.startsWith("out-"))
          .forEach(f -> expected.put(f, GoldenCases.text(golden, f)));
    }
    assertThat(actual).containsExactlyEntriesOf(expected);
  }

  private static String file(HasMetadata object) {
    return "out-%s-%s.yaml"
        .formatted(object.getKind().toLowerCase(Locale.ROOT), object.getMetadata().getName());
  }

  /** Secrets in clear, what is drawn at random as a word, scripts by their name. */
  private static String text(HasMetadata object) {
    return Yaml.write(
        switch (object) {
          case Secret secret ->
              secret.edit().withData(null).withStringData(clear(secret.getData())).build();
          case ConfigMap config ->
              config
                  .edit()
                  .addToData("init.sh", "(the script)")
                  .addToData("ready.sh", "(the script)")
                  .addToData("pg_hba.conf", rules(config))
                  .build();
          default -> object;
        });
  }

  private static String rules(ConfigMap config) {
    return config.getData().getOrDefault("pg_hba.conf", "").contains("\nhostssl ")
        ? "(the file, with hostssl)"
        : "(the file)";
  }

  private static Map<String, String> clear(Map<String, String> data) {
    boolean drawn = data.containsKey("data-id");
    Map<String, String> clear = new TreeMap<>();
    data.forEach(
        (key, value) -> clear.put(key, drawn ? masked(key, decode(value)) : decode(value)));
    return clear;
  }

  private static String masked(String key, String value) {
    return switch (key) {
      case "password", "data-id" -> "(drawn at random)";
      case "bootstrap.sql" ->
          value.replaceAll(
              "SCRAM-SHA-256\\$4096:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+",
              "(verifier)");
      default -> value;
    };
  }

  private static String decode(String value) {
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }
}
