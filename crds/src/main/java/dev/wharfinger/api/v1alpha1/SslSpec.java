package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * How the application speaks TLS to PostgreSQL.
 *
 * @param mode libpq's {@code sslmode}
 */
@ValidationRule(
    value = "!has(self.mode) || self.mode in ['disable', 'allow', 'prefer']",
    fieldPath = ".mode",
    message =
        "ssl.mode must be disable, allow or prefer: this version makes no server certificate, so require, verify-ca"
            + " and verify-full could never connect")
public record SslSpec(
    @JsonPropertyDescription(
            "libpq's sslmode: disable, allow or prefer. Default: disable, as this version's server speaks no TLS.")
        @Size(max = 16)
        @Nullable String mode) {}
