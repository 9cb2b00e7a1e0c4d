package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BindingSpec;
import dev.wharfinger.api.v1alpha1.ExternalSpec;
import dev.wharfinger.api.v1alpha1.PoolSpec;
import dev.wharfinger.api.v1alpha1.SslSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceSpec;
import dev.wharfinger.operator.OperatorConfig;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
 * @param endpoint where PostgreSQL is; of an external server only known by {@link #at}
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
    List<LocalObjectReference> imagePullSecrets,
    Endpoint endpoint) {

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
    PostgresqlModel postgresql = PostgresqlModel.of(name, spec, config);
    return new InstanceModel(
        instance,
        Names.of(instance),
        requested,
        SqliteModel.of(name, spec),
        postgresql,
        Objects.requireNonNullElseGet(
            spec.pool(), () -> new PoolSpec(null, null, null, null, null, null, null)),
        // Who says nothing gets what instances of before TLS have: some drivers take even "prefer"
        // for a demand (asyncpg under Phoenix).
        sslMode == null ? "disable" : sslMode,
        withoutTrailingSlash(Objects.requireNonNullElse(binding.mountPath(), "/data")),
        BindingModel.of(binding),
        config.image(),
        config.imagePullSecrets(),
        new Endpoint(
            serverHost(instance),
            PostgresqlModel.PORT,
            postgresql.database(),
            postgresql.username(),
            null,
            null));
  }

  /** The same with an external server in the place of one of its own. */
  public InstanceModel at(ExternalServer server) {
    return new InstanceModel(
        instance,
        names,
        requested,
        sqlite,
        postgresql,
        pool,
        server.sslMode(),
        mountPath,
        binding,
        operatorImage,
        imagePullSecrets,
        server.endpoint());
  }

  /** The same with another mode in the place of the spec's. */
  public InstanceModel speaking(String mode) {
    return new InstanceModel(
        instance,
        names,
        requested,
        sqlite,
        postgresql,
        pool,
        mode,
        mountPath,
        binding,
        operatorImage,
        imagePullSecrets,
        endpoint);
  }

  /**
   * The same with what the operator's own server is verified by; nothing where it speaks no TLS, or
   * is somebody else's.
   */
  public InstanceModel trusting(@Nullable String ca) {
    if (external() != null || ServerTls.of(sslMode) == ServerTls.OFF) {
      return this;
    }
    return new InstanceModel(
        instance,
        names,
        requested,
        sqlite,
        postgresql,
        pool,
        sslMode,
        mountPath,
        binding,
        operatorImage,
        imagePullSecrets,
        new Endpoint(
            endpoint.host(),
            endpoint.port(),
            endpoint.database(),
            endpoint.username(),
            ca,
            endpoint.client()));
  }

  /** Whether the application is to verify the operator's own server, and nobody knows by what. */
  public boolean lacksCertificates() {
    return external() == null && sslMode.startsWith("verify-") && endpoint.ca() == null;
  }

  /**
   * Where the application finds what it verifies the server by, whoever runs that; null where it
   * does not verify.
   */
  public @Nullable String rootCertificate() {
    return sslMode.startsWith("verify-") ? mounted("ca.crt") : null;
  }

  /** Where the application finds the certificate that it shows the server; null if it has none. */
  public @Nullable String clientCertificate() {
    return endpoint.client() == null ? null : mounted("tls.crt");
  }

  /** Where the application finds that certificate's key; null where it has none. */
  public @Nullable String clientKey() {
    return endpoint.client() == null ? null : mounted("tls.key");
  }

  private String mounted(String file) {
    return "/etc/wharfinger/" + name() + "/" + file;
  }

  /** The server that somebody else runs, or null where PostgreSQL is the operator's own. */
  public @Nullable ExternalSpec external() {
    StorageInstanceSpec spec = instance.getSpec();
    return spec == null || spec.postgresql() == null ? null : spec.postgresql().external();
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
    return serverHost(instance);
  }

  private static String serverHost(StorageInstance instance) {
    return Names.of(instance).postgresql() + "." + instance.getMetadata().getNamespace() + ".svc";
  }
}
