package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Command;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Flyway;
import dev.wharfinger.api.v1alpha1.SchemaRun;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The schema migrations of an instance on the backend that holds its data, with every default
 * applied.
 *
 * @param active the backend that holds the data, and since which move
 * @param configMap ConfigMap with the files for that backend; null where a command is run
 * @param options the runner's arguments for Flyway, apart from where and what
 * @param command the application's own tool; null where files are run
 * @param always whether they are run whenever something of them changes
 * @param failFast whether the instance waits for them
 * @param copyFirst whether a copy of the file is made before anything is changed
 * @param backupFirst whether a backup of the server's database is
 */
public record SchemaModel(
    ActiveBackend active,
    @Nullable String configMap,
    List<String> options,
    @Nullable Command command,
    boolean always,
    boolean failFast,
    boolean copyFirst,
    boolean backupFirst) {

  /** The model, or null where there is nothing that could be run outside of a move. */
  public static @Nullable SchemaModel of(InstanceModel model, ActiveBackend active) {
    SchemaMigrationsSpec spec =
        model.instance().getSpec() == null ? null : model.instance().getSpec().schemaMigrations();
    boolean sqlite = active.backend() == Backend.SQLITE;
    if (spec == null
        || spec.flyway() == null && spec.command() == null
        || sqlite && model.sqlite().inMemory()) {
      return null;
    }
    Flyway flyway = spec.flyway();
    return new SchemaModel(
        active,
        flyway == null ? null : configMap(flyway, active.backend()),
        flyway == null ? List.of() : options(flyway),
        flyway == null ? spec.command() : null,
        spec.run() == SchemaRun.ALWAYS,
        !Boolean.FALSE.equals(spec.failFast()),
        sqlite && !Boolean.FALSE.equals(spec.backupFirst()),
        !sqlite && Boolean.TRUE.equals(spec.backupFirst()));
  }

  /** Whether the instance is Ready, and a new one bound, only with its schema migrated. */
  public boolean blocking() {
    return always && failFast;
  }

  /**
   * Whether a new instance is bound only with its schema migrated. A command is told by the
   * binding.
   */
  public boolean beforeBinding() {
    return blocking() && command == null;
  }

  /** The ConfigMap for a backend. */
  public static String configMap(Flyway flyway, Backend backend) {
    return backend == Backend.SQLITE && flyway.sqliteConfigMapRef() != null
        ? flyway.sqliteConfigMapRef().name()
        : flyway.configMapRef().name();
  }

  /** The runner's arguments for Flyway, apart from where and what. */
  public static List<String> options(Flyway flyway) {
    List<String> options = new ArrayList<>();
    new TreeMap<>(Objects.requireNonNullElse(flyway.placeholders(), Map.of()))
        .forEach((name, value) ->
            // Else the kubelet would put variables of the container in.
            options.addAll(List.of("--placeholder", name + "=" + value.replace("$", "$$"))));
    if (flyway.baselineVersion() != null) {
      options.addAll(List.of("--baseline-version", flyway.baselineVersion()));
    }
    return options;
  }

  /** The command where it is run: another text, or another image, is another Job. */
  public String content(Command tool, String image) {
    return Names.hash(
        String.join(
            "\n",
            active.backend().value(),
            Integer.toString(active.epoch()),
            image,
            String.join("\0", tool.command())
                // Who mends it after it has refused wants it tried again.
                + (tool.heads() == null ? "" : "\n" + String.join("\0", tool.heads()))));
  }

  /** What is run where: another text is another Job. */
  public String content(ConfigMap files) {
    return Names.hash(
        String.join(
            "\n",
            active.backend().value(),
            Integer.toString(active.epoch()),
            filesHash(files),
            String.join("\n", options)));
  }

  /**
   * SHA-256 over the files of a ConfigMap in the order of their names, as the runner computes it of
   * the mounted directory: each name, a zero byte, the length in decimal digits, another zero byte,
   * and the bytes.
   *
   * @return 64 hexadecimal digits
   */
  public static String filesHash(ConfigMap config) {
    TreeMap<String, byte[]> files = new TreeMap<>();
    Objects.requireNonNullElse(config.getData(), Map.<String, String>of())
        .forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
    Objects.requireNonNullElse(config.getBinaryData(), Map.<String, String>of())
        .forEach((name, text) -> files.put(name, Base64.getDecoder().decode(text)));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach((name, bytes) -> {
        digest.update((name + "\0" + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
