package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.ExternalSpec;
import dev.wharfinger.api.v1alpha1.SslSpec;
import dev.wharfinger.operator.model.Endpoint;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PercentEncoding;
import dev.wharfinger.operator.model.ServerTls;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a Job reaches the PostgreSQL server of an instance as the application's role, be it the
 * operator's own or an external one. Role and password come from Secrets.
 */
final class ServerAccess {
  private ServerAccess() {}

  /** Without role and password. */
  static String url(InstanceModel model) {
    return url(model, "");
  }

  /** With the role of the operator's own server, without the password. */
  static String urlOfRole(InstanceModel model) {
    return url(model, PercentEncoding.encode(model.endpoint().username()) + "@");
  }

  private static String url(InstanceModel model, String role) {
    Endpoint at = model.endpoint();
    return "postgresql://"
        + role
        + at.authority()
        + "/"
        + PercentEncoding.encode(at.database())
        + "?sslmode="
        + (model.external() == null ? ownMode(model) : model.sslMode())
        + (verifies(model) ? "&sslrootcert=" + JobTemplate.CA_FILE : "")
        + (client(model) == null
            ? ""
            : "&sslcert=" + JobTemplate.CLIENT_CERTIFICATE + "&sslkey=" + JobTemplate.CLIENT_KEY);
  }

  /** One that only offers TLS may not have been restarted since that was said. */
  private static String ownMode(InstanceModel model) {
    return ServerTls.of(model.sslMode()) != ServerTls.DEMANDED
        ? "prefer"
        : verifies(model) ? "verify-full" : "require";
  }

  private static boolean verifies(InstanceModel model) {
    return model.external() == null
        ? ServerTls.of(model.sslMode()) == ServerTls.DEMANDED && model.endpoint().ca() != null
        : caRef(model) != null;
  }

  /** Role and password. */
  static List<EnvVar> environment(InstanceModel model) {
    ExternalSpec spec = model.external();
    if (spec == null) {
      return List.of(
          new EnvVarBuilder().withName("PGUSER").withValue(model.endpoint().username()).build(),
          fromSecret("PGPASSWORD", model.names().role(), null, "password", false));
    }
    ExternalSpec.CredentialsRef ref = spec.credentialsSecretRef();
    List<EnvVar> env = new ArrayList<>();
    if (ref.uriKey() == null) {
      env.add(fromSecret("PGUSER", ref.name(), ref.usernameKey(), "username", false));
      env.add(fromSecret("PGPASSWORD", ref.name(), ref.passwordKey(), "password", true));
    } else {
      env.add(fromSecret("WHARFINGER_CREDENTIALS_URL", ref.name(), ref.uriKey(), "", false));
    }
    return env;
  }

  static EnvVar fromSecret(
      String variable, String secret, @Nullable String key, String otherwise, boolean optional) {
    return new EnvVarBuilder()
        .withName(variable)
        .withNewValueFrom()
        .withNewSecretKeyRef(Objects.requireNonNullElse(key, otherwise), secret, optional)
        .endValueFrom()
        .build();
  }

  /**
   * The pod with the certificates to verify the server by, and with the one to show it, where there
   * are some.
   */
  static PodSpec withCertificates(PodSpec pod, InstanceModel model) {
    PodSpec verifying = withCa(pod, model);
    ExternalSpec.@Nullable ClientCertificateRef client = client(model);
    return client == null
        ? verifying
        : JobTemplate.withClient(
            verifying,
            client.name(),
            Objects.requireNonNullElse(client.certificateKey(), "tls.crt"),
            Objects.requireNonNullElse(client.privateKeyKey(), "tls.key"));
  }

  private static PodSpec withCa(PodSpec pod, InstanceModel model) {
    if (!verifies(model)) {
      return pod;
    }
    SslSpec.@Nullable CaRef ca = caRef(model);
    return model.external() == null || ca == null
        ? JobTemplate.withCa(pod, model.names().certificate(), "ca.crt")
        : JobTemplate.withCa(pod, ca.name(), Objects.requireNonNullElse(ca.key(), "ca.crt"));
  }

  private static ExternalSpec.@Nullable ClientCertificateRef client(InstanceModel model) {
    ExternalSpec spec = model.external();
    return spec == null ? null : spec.clientCertificateSecretRef();
  }

  private static SslSpec.@Nullable CaRef caRef(InstanceModel model) {
    SslSpec ssl = Objects.requireNonNull(model.instance().getSpec()).ssl();
    return ssl == null ? null : ssl.caSecretRef();
  }
}
