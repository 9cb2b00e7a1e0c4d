package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.SslSpec;
import dev.wharfinger.api.v1alpha1.StorageInstanceSpec;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.StalledException;
import dev.wharfinger.operator.tls.GivenCertificate;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that somebody else makes, as a run found it: what the server's Secret is to hold,
 * or what keeps it from being used.
 */
record Given(@Nullable Map<String, String> data, @Nullable StalledException problem) {

  /**
   * Reads the Secrets that the spec names, live: they carry no label of ours, and nobody else's
   * Secrets are ever cached.
   *
   * @return null where the operator makes the certificate
   */
  static @Nullable Given of(InstanceModel model, Writer writer, Instant now) {
    StorageInstanceSpec spec = model.instance().getSpec();
    SslSpec ssl = spec == null ? null : spec.ssl();
    SslSpec.CertificateRef ref = ssl == null ? null : ssl.certificateSecretRef();
    if (ssl == null || ref == null) {
      return null;
    }
    try {
      SslSpec.CaRef ca = ssl.caSecretRef();
      return new Given(
          GivenCertificate.of(
              ref.name(),
              secret(model, writer, ref.name()),
              ca == null ? null : authority(model, writer, ca),
              model.serverHost(),
              model.sslMode().startsWith("verify-"),
              now),
          null);
    } catch (StalledException e) {
      return new Given(null, e);
    }
  }

  private static String authority(InstanceModel model, Writer writer, SslSpec.CaRef ref) {
    String key = Objects.requireNonNullElse(ref.key(), "ca.crt");
    String value = secret(model, writer, ref.name()).get(key);
    if (value == null || value.isBlank()) {
      throw new StalledException(
          "CertificateWithoutAuthority",
          "Secret " + ref.name() + " of ssl.caSecretRef has no key " + key + ", or nothing in it");
    }
    return value;
  }

  private static Map<String, String> secret(InstanceModel model, Writer writer, String name) {
    Secret secret = writer.live(Secret.class, name);
    if (secret == null) {
      throw new StalledException(
          "CertificateMissing",
          "Secret "
              + name
              + ", which ssl names, is not there; make it: it is noticed by itself within ten minutes");
    }
    if (Labels.isOurs(secret, model.instance())
        || "kubernetes.io/service-account-token".equals(secret.getType())) {
      throw new StalledException(
          "CertificateInvalid",
          "Secret " + name + " is not for this: ssl names one of type kubernetes.io/tls or Opaque");
    }
    return CertificateSecrets.data(secret);
  }
}
