package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.ExternalSpec;
import dev.wharfinger.api.v1alpha1.SslSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that somebody else runs, as the spec and the Secrets it names have it.
 *
 * @param endpoint where it is, and the application's role
 * @param sslMode libpq's sslmode
 * @param password null where there is none
 * @param version what it was read from: another one is probed anew
 */
public record ExternalServer(
    Endpoint endpoint, String sslMode, @Nullable String password, String version) {
  /**
   * Reads the Secrets of an instance whose spec has {@code postgresql.external}.
   *
   * @param secrets a Secret of the instance's namespace by its name, or null
   * @throws StalledException where one of them lacks something; names Secret and key, no value
   */
  public static ExternalServer of(InstanceModel model, Function<String, @Nullable Secret> secrets) {
    ExternalSpec spec = Objects.requireNonNull(model.external(), "only with an external server");
    List<String> versions = new ArrayList<>();
    ExternalSpec.CredentialsRef ref = spec.credentialsSecretRef();
    Secret credentials = secret(model, ref.name(), secrets, versions);
    ExternalSpec.AdminRef admin = spec.adminSecretRef();
    if (admin != null) {
      Secret secret = secret(model, admin.name(), secrets, versions);
      required(secret, Objects.requireNonNullElse(admin.usernameKey(), "username"));
      required(secret, Objects.requireNonNullElse(admin.passwordKey(), "password"));
    }
    SslSpec ssl = Objects.requireNonNull(model.instance().getSpec()).ssl();
    String ca = ca(model, ssl == null ? null : ssl.caSecretRef(), secrets, versions);
    ClientCertificate client = client(model, spec.clientCertificateSecretRef(), secrets, versions);
    String mode = ssl == null ? null : ssl.mode();
    ExternalServer server =
        ref.uriKey() == null
            ? fromKeys(spec, ref, credentials, mode, ca, client)
            : fromUri(ref.name(), ref.uriKey(), credentials, mode, ca, client);
    if (server.sslMode.startsWith("verify-") && ca == null) {
      throw new StalledException(
          "CredentialsInvalid",
          "the URL in Secret "
              + ref.name()
              + " says sslmode="
              + server.sslMode
              + ", which needs ssl.caSecretRef");
    }
    if (client != null && server.sslMode.equals("disable")) {
      throw new StalledException(
          "CredentialsInvalid",
          "the URL in Secret "
              + ref.name()
              + " says sslmode=disable, with which no certificate is shown: say ssl.mode, or remove"
              + " clientCertificateSecretRef");
    }
    String version =
        said(spec) + " " + server.sslMode + " " + ca + " " + String.join(" ", versions);
    return new ExternalServer(server.endpoint, server.sslMode, server.password, version);
  }

  /** As versions had it that did not know these: who says nothing of them is not probed anew. */
  private static String said(ExternalSpec spec) {
    return spec.toString()
        .replace(", databaseKey=null]", "]")
        .replace(", clientCertificateSecretRef=null]", "]");
  }

  /** The password as the Secret of a managed server would have it; never written anywhere. */
  public Secret credentials() {
    SecretBuilder secret = new SecretBuilder();
    return password == null
        ? secret.build()
        : secret.withData(Map.of("password", SecretText.encode(password))).build();
  }

  private static ExternalServer fromKeys(
      ExternalSpec spec,
      ExternalSpec.CredentialsRef ref,
      Secret secret,
      @Nullable String mode,
      @Nullable String ca,
      @Nullable ClientCertificate client) {
    String username = required(secret, Objects.requireNonNullElse(ref.usernameKey(), "username"));
    String password =
        ref.passwordKey() == null
            ? SecretText.of(secret, "password")
            : required(secret, ref.passwordKey());
    return new ExternalServer(
        new Endpoint(
            Objects.requireNonNull(spec.host()),
            Objects.requireNonNullElse(spec.port(), PostgresqlModel.PORT),
            database(spec, ref, secret),
            username,
            ca,
            client),
        Objects.requireNonNullElse(mode, "prefer"),
        password,
        "");
  }

  private static String database(
      ExternalSpec spec, ExternalSpec.CredentialsRef ref, Secret secret) {
    if (ref.databaseKey() == null) {
      return Objects.requireNonNull(spec.database());
    }
    String database = required(secret, ref.databaseKey());
    if (!database.matches(ExternalSpec.DATABASE) || database.length() > 63) {
      throw new StalledException(
          "CredentialsInvalid",
          "key "
              + ref.databaseKey()
              + " of Secret "
              + ref.name()
              + " is no name of a database that can be used: 63 letters, digits, underscores, dots and hyphens at most,"
              + " without a line break, and none of the last two first");
    }
    return database;
  }

  private static ExternalServer fromUri(
      String name,
      String key,
      Secret secret,
      @Nullable String mode,
      @Nullable String ca,
      @Nullable ClientCertificate client) {
    try {
      ExternalUri uri = ExternalUri.parse(required(secret, key));
      return new ExternalServer(
          new Endpoint(uri.host(), uri.port(), uri.database(), uri.username(), ca, client),
          Objects.requireNonNullElse(mode, Objects.requireNonNullElse(uri.sslMode(), "prefer")),
          uri.password(),
          "");
    } catch (IllegalArgumentException e) {
      throw new StalledException(
          "CredentialsInvalid", "key " + key + " of Secret " + name + " " + e.getMessage());
    }
  }

  private static @Nullable String ca(
      InstanceModel model,
      SslSpec.@Nullable CaRef ref,
      Function<String, @Nullable Secret> secrets,
      List<String> versions) {
    return ref == null
        ? null
        : required(
            secret(model, ref.name(), secrets, versions),
            Objects.requireNonNullElse(ref.key(), "ca.crt"));
  }

  /** Whether the two can be used is seen by the probe, before the application is told of them. */
  private static @Nullable ClientCertificate client(
      InstanceModel model,
      ExternalSpec.@Nullable ClientCertificateRef ref,
      Function<String, @Nullable Secret> secrets,
      List<String> versions) {
    if (ref == null) {
      return null;
    }
    Secret secret = secret(model, ref.name(), secrets, versions);
    return new ClientCertificate(
        required(secret, Objects.requireNonNullElse(ref.certificateKey(), "tls.crt")),
        required(secret, Objects.requireNonNullElse(ref.privateKeyKey(), "tls.key")));
  }

  private static Secret secret(
      InstanceModel model,
      String name,
      Function<String, @Nullable Secret> secrets,
      List<String> versions) {
    Secret secret = secrets.apply(name);
    if (secret == null) {
      throw new StalledException(
          "CredentialsMissing",
          "Secret "
              + name
              + ", which the spec names, is not there; make it: it is noticed by itself");
    }
    if (Labels.isOurs(secret, model.instance()) || !forThis(secret.getType())) {
      throw new StalledException(
          "CredentialsInvalid",
          "Secret "
              + name
              + " is not for this: use one of type Opaque, kubernetes.io/basic-auth or kubernetes.io/tls that is not the"
              + " StorageInstance's own");
    }
    versions.add(secret.getMetadata().getUid() + "/" + secret.getMetadata().getResourceVersion());
    return secret;
  }

  /** Tokens of service accounts and nodes are nobody's database password. */
  static boolean forThis(@Nullable String type) {
    return type == null
        || type.equals("kubernetes.io/basic-auth")
        || type.equals("kubernetes.io/tls")
        || !type.contains("kubernetes.io/");
  }

  private static String required(Secret secret, String key) {
    String value = SecretText.of(secret, key);
    if (value == null || value.isEmpty()) {
      throw new StalledException(
          "CredentialsMissing",
          "Secret " + secret.getMetadata().getName() + " has no key " + key + ", or nothing in it");
    }
    return value;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return endpoint.address();
  }
}
