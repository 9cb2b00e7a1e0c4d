package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The server's scripts, its {@code pg_hba.conf}, the settings it takes while it runs, and whether
 * it has ever held data.
 */
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
  public static ConfigMap desired(
      PostgresqlModel postgresql, PostgresqlServer server, String initialized) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(server.name())
        .withNamespace(server.namespace())
        .withLabels(server.labels())
        .withOwnerReferences(server.owner())
        .endMetadata()
        .addToData("init.sh", resource("init.sh"))
        .addToData("ready.sh", resource("ready.sh"))
        .addToData("pg_hba.conf", rules(server))
        .addToData("postgresql.conf", settings(postgresql, server))
        .addToData(INITIALIZED, initialized)
        .build();
  }

  /** After those of {@code initdb}; the values are words and numbers, and need no escapes. */
  private static String settings(PostgresqlModel postgresql, PostgresqlServer server) {
    StringBuilder settings = new StringBuilder();
    settings.append("include '").append(PostgresqlPod.PGDATA).append("/postgresql.conf'\n");
    ReloadableSettings.of(postgresql)
        .forEach((name, value) -> settings.append(name).append(" = '").append(value).append("'\n"));
    if (server.tls() != ServerTls.OFF) {
      settings.append("ssl = on\nssl_min_protocol_version = 'TLSv1.3'\n");
      settings
          .append("ssl_cert_file = '")
          .append(PostgresqlPod.TLS_DIRECTORY)
          .append("/tls.crt'\n");
      settings.append("ssl_key_file = '").append(PostgresqlPod.TLS_DIRECTORY).append("/tls.key'\n");
    }
    return settings.toString();
  }

  /** With TLS demanded, a client without it finds no rule that lets it in. */
  private static String rules(PostgresqlServer server) {
    String rules = resource("pg_hba.conf");
    return server.tls() == ServerTls.DEMANDED
        ? rules.replace("host all all all scram", "hostssl all all all scram")
        : rules;
  }

  static String resource(String name) {
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
