package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.ExternalSpec;
import dev.wharfinger.api.v1alpha1.SslSpec;
import dev.wharfinger.operator.model.Endpoint;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PercentEncoding;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a Job reaches the PostgreSQL server of an instance as the application's role, be it the
 * operator's own or an external one. Role and password come from Secrets.
 */
final class ServerAccess {
  private static final String CA = "ca";
  private static final String CA_DIRECTORY = "/ca";

  private ServerAccess() {}

  /** Without role and password. */
  static String url(InstanceModel model) {
    Endpoint at = model.endpoint();
    return "postgresql://"
        + at.authority()
        + "/"
        + PercentEncoding.encode(at.database())
        + "?sslmode="
        + model.sslMode()
        + (caRef(model) == null ? "" : "&sslrootcert=" + CA_DIRECTORY + "/ca.crt");
  }

  /** Role and password. */
  static List<EnvVar> environment(InstanceModel model) {
    ExternalSpec spec = model.external();
    if (spec == null) {
      return List.of(
          new EnvVarBuilder().withName("PGUSER").withValue(model.endpoint().username()).build(),
          fromSecret("PGPASSWORD", model.names().credentials(), null, "password", false));
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

  /** The pod with the certificates to verify the server by, where the spec names some. */
  static PodSpec withCa(PodSpec pod, InstanceModel model) {
    SslSpec.@Nullable CaRef ca = caRef(model);
    return ca == null
        ? pod
        : pod.edit()
            .editFirstContainer()
            .addNewVolumeMount()
            .withName(CA)
            .withMountPath(CA_DIRECTORY)
            .withReadOnly(true)
            .endVolumeMount()
            .endContainer()
            .addToVolumes(
                new VolumeBuilder()
                    .withName(CA)
                    .withNewSecret()
                    .withSecretName(ca.name())
                    .addNewItem()
                    .withKey(Objects.requireNonNullElse(ca.key(), "ca.crt"))
                    .withPath("ca.crt")
                    .endItem()
                    .endSecret()
                    .build())
            .build();
  }

  private static SslSpec.@Nullable CaRef caRef(InstanceModel model) {
    SslSpec ssl = Objects.requireNonNull(model.instance().getSpec()).ssl();
    return ssl == null ? null : ssl.caSecretRef();
  }
}
