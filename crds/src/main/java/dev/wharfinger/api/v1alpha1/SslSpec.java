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
 * @param caSecretRef the certificates by which an external server is verified
 */
public record SslSpec(
    @JsonPropertyDescription(
            "libpq's sslmode. For the operator's own server disable, allow or prefer; default: disable, as this version's"
                + " server speaks no TLS. With postgresql.external also require, verify-ca and verify-full; default:"
                + " prefer.")
        @Size(max = 16)
        @Nullable String mode,
    @JsonPropertyDescription(
            "Certificates, in PEM, of the authorities that sign for an external server; needed for verify-ca and"
                + " verify-full.")
        @Nullable CaRef caSecretRef) {

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
