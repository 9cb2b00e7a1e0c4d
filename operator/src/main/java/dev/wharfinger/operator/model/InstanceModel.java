package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BindingSpec;
import dev.wharfinger.api.v1alpha1.PoolSpec;
import dev.wharfinger.api.v1alpha1.SslSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceSpec;
import dev.wharfinger.operator.OperatorConfig;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import java.util.List;
import java.util.Objects;

/**
 * An instance with every default applied: what all desired objects are computed from.
 *
 * @param instance the resource
 * @param names names of its objects
 * @param requested the backend the spec asks for
 * @param sqlite the SQLite side
 * @param postgresql the PostgreSQL side
 * @param pool the application's pool
 * @param sslMode libpq's sslmode
 * @param mountPath where the application mounts the volume
 * @param binding keys of the application's choosing
 * @param operatorImage image of the operator's own Jobs
 * @param imagePullSecrets Secrets of the namespace to pull that image with
 */
public record InstanceModel(
    StorageInstance instance,
    Names names,
    Backend requested,
    SqliteModel sqlite,
    PostgresqlModel postgresql,
    PoolSpec pool,
    String sslMode,
    String mountPath,
    BindingModel binding,
    String operatorImage,
    List<LocalObjectReference> imagePullSecrets) {

  /**
   * Applies the defaults.
   *
   * @throws StalledException where the spec cannot be served; names the field and the way out
   */
  public static InstanceModel of(StorageInstance instance, OperatorConfig config) {
    StorageInstanceSpec spec =
        Objects.requireNonNullElseGet(instance.getSpec(), StorageInstanceSpec::defaults);
    Backend requested = spec.backend();
    if (requested == null) {
      throw new StalledException(
          "BackendUnknown", "backend must be SQLite or PostgreSQL in this version of the operator");
    }
    BindingSpec binding =
        Objects.requireNonNullElseGet(
            spec.binding(), () -> new BindingSpec(null, null, null, null));
    SslSpec ssl = spec.ssl();
    String sslMode = ssl == null ? null : ssl.mode();
    String name = instance.getMetadata().getName();
    return new InstanceModel(
        instance,
        Names.of(instance),
        requested,
        SqliteModel.of(name, spec),
        PostgresqlModel.of(name, spec, config),
        Objects.requireNonNullElseGet(
            spec.pool(), () -> new PoolSpec(null, null, null, null, null, null)),
        // The managed server speaks no TLS; some drivers take even "prefer" for a demand (asyncpg
        // under Phoenix).
        sslMode == null ? "disable" : sslMode,
        withoutTrailingSlash(Objects.requireNonNullElse(binding.mountPath(), "/data")),
        BindingModel.of(binding),
        config.image(),
        config.imagePullSecrets());
  }

  private static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  public String name() {
    return instance.getMetadata().getName();
  }

  public String namespace() {
    return instance.getMetadata().getNamespace();
  }

  /** Name of the client Service as seen from any namespace. */
  public String serverHost() {
    return names.postgresql() + "." + namespace() + ".svc";
  }
}
