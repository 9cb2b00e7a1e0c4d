package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The server's init script, its {@code pg_hba.conf}, and whether it has ever held data. */
public final class PostgresqlConfigMap {
  /** Key that is empty until the server was Ready for the first time. */
  public static final String INITIALIZED = "initialized";

  private PostgresqlConfigMap() {}

  /** Uid of the claim that holds the data, as {@code config} says, or empty. */
  public static String initialized(@Nullable ConfigMap config) {
    return config == null || config.getData() == null
        ? ""
        : Objects.requireNonNullElse(config.getData().get(INITIALIZED), "");
  }

  /**
   * The ConfigMap.
   *
   * @param initialized uid of the claim that holds the data, or empty before the server was Ready
   */
  public static ConfigMap desired(PostgresqlServer server, String initialized) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(server.name())
        .withNamespace(server.namespace())
        .withLabels(server.labels())
        .withOwnerReferences(server.owner())
        .endMetadata()
        .addToData("init.sh", resource("init.sh"))
        .addToData("pg_hba.conf", resource("pg_hba.conf"))
        .addToData(INITIALIZED, initialized)
        .build();
  }

  private static String resource(String name) {
    try (InputStream in = PostgresqlConfigMap.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
