package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * How the application speaks TLS to PostgreSQL.
 *
 * @param mode libpq's {@code sslmode}
 * @param caSecretRef the certificates by which a server is verified whose certificate the operator
 *     did not make
 * @param certificateSecretRef the server's certificate, where somebody else makes it
 */
public record SslSpec(
    @JsonPropertyDescription(
            "libpq's sslmode: disable, allow, prefer, require, verify-ca or verify-full. The operator's own server speaks"
                + " no TLS with disable (the default), offers it with allow and prefer, and takes nothing else with the"
                + " others. With postgresql.external the default is prefer.")
        @Size(max = 16)
        @Nullable String mode,
    @JsonPropertyDescription(
            "Certificates, in PEM, of the authorities that sign for an external server, which verify-ca and verify-full"
                + " need there, or for the certificate of certificateSecretRef, where that Secret has no ca.crt.")
        @Nullable CaRef caSecretRef,
    @JsonPropertyDescription(
            "The certificate of the operator's own server, where somebody else makes it, such as cert-manager. Default: the"
                + " operator makes one, and an authority of its own that signs it.")
        @Nullable CertificateRef certificateSecretRef) {

  /**
   * A certificate and its key in a Secret of the same namespace.
   *
   * @param name the Secret, of type {@code kubernetes.io/tls}: {@code tls.crt}, {@code tls.key}
   *     and, as cert-manager adds it, {@code ca.crt}
   */
  public record CertificateRef(
      @JsonPropertyDescription(
              "Name of a Secret of type kubernetes.io/tls with tls.crt, tls.key and, unless caSecretRef is said, ca.crt.")
          @Required
          @Size(min = 1, max = 253)
          String name) {}

  /**
   * Certificates in a Secret of the same namespace.
   *
   * @param name the Secret
   * @param key its key; default {@code ca.crt}
   */
  @ValidationRule(
      value = "!has(self.key) || self.key.matches('" + ExternalSpec.KEY + "')",
      fieldPath = ".key",
      message = "ssl.caSecretRef.key must be a key of the Secret: letters, digits, '-', '_' or '.'")
  public record CaRef(
      @JsonPropertyDescription("Name of the Secret.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("Key with the certificates in PEM.")
          @Default("ca.crt")
          @Size(min = 1, max = 253)
          @Nullable String key) {}
}
