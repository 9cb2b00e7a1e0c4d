package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of a store that speaks S3, which is there. Each instance has a folder of its own in it.
 *
 * @param endpoint of a store that is not AWS
 * @param region what requests are signed for
 * @param bucket its name
 * @param prefix the folder above those of the instances
 * @param pathStyle whether the bucket stands in the path and not in the host's name
 * @param credentialsSecretRef the keys
 * @param caSecretRef who signs the store's certificate
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.endpoint) || self.endpoint.matches('^https?://([A-Za-z0-9.-]+|[[][0-9A-Fa-f:.]+[]])(:[0-9]{1,5})?/?$')",
    fieldPath = ".endpoint",
    message =
        "s3.endpoint is https://, a host and perhaps a port, and nothing more: the bucket stands in bucket")
@ValidationRule(
    value = "!has(self.region) || self.region.matches('^[A-Za-z0-9][A-Za-z0-9_-]*$')",
    fieldPath = ".region",
    message = "s3.region is a name such as us-east-1")
@ValidationRule(
    value = "self.bucket.matches('^[a-z0-9][a-z0-9.-]*[a-z0-9]$')",
    fieldPath = ".bucket",
    message =
        "s3.bucket is a name of small letters, digits, dots and hyphens, without s3:// and without a folder:"
            + " that stands in prefix")
@ValidationRule(
    value =
        "!has(self.prefix) || self.prefix.matches('^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,7}$')",
    fieldPath = ".prefix",
    message =
        "s3.prefix is up to eight words of letters, digits, dots, hyphens and underscores, joined by /, without"
            + " one at its beginning or end")
@ValidationRule(
    value = "!has(self.caSecretRef) || !has(self.endpoint) || self.endpoint.startsWith('https://')",
    fieldPath = ".caSecretRef",
    message =
        "s3.caSecretRef is for a store that speaks TLS: say https:// in endpoint, or remove caSecretRef")
public record S3TargetSpec(
    @JsonPropertyDescription(
            "Where a store that is not AWS is reached, for example https://s3.example.com:9000. With http:// a set without"
                + " encryption is sent in clear.")
        @Size(min = 1, max = 300)
        @Nullable String endpoint,
    @JsonPropertyDescription("What requests are signed for. Default: us-east-1")
        @Size(min = 1, max = 63)
        @Nullable String region,
    @JsonPropertyDescription("A bucket that is there.") @Required @Size(min = 3, max = 63)
        String bucket,
    @JsonPropertyDescription(
            "A folder of the bucket, for example cluster-1; each instance has its own below it.")
        @Size(min = 1, max = 200)
        @Nullable String prefix,
    @JsonPropertyDescription(
            "Whether the bucket stands in the path and not in the host's name. Default: true with an endpoint")
        @Nullable Boolean pathStyle,
    @JsonPropertyDescription("Secret of the same namespace with the keys.") @Required
        KeysRef credentialsSecretRef,
    @JsonPropertyDescription(
            "Certificates, in PEM, of who signs the store's. Default: those that the operator's image trusts")
        @Nullable CaRef caSecretRef) {

  /**
   * Keys in a Secret of the same namespace.
   *
   * @param name the Secret
   * @param accessKeyIdKey its key with the access key; default {@code AWS_ACCESS_KEY_ID}
   * @param secretAccessKeyKey its key with the secret key; default {@code AWS_SECRET_ACCESS_KEY}
   * @param sessionTokenKey its key with the token of a session, where there is one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "(!has(self.accessKeyIdKey) || self.accessKeyIdKey.matches('"
              + ExternalSpec.KEY
              + "')) && (!has(self.secretAccessKeyKey) || self.secretAccessKeyKey.matches('"
              + ExternalSpec.KEY
              + "')) && (!has(self.sessionTokenKey) || self.sessionTokenKey.matches('"
              + ExternalSpec.KEY
              + "'))",
      message =
          "accessKeyIdKey, secretAccessKeyKey and sessionTokenKey must be keys of the Secret: letters, digits, '-', '_' or '.'")
  public record KeysRef(
      @JsonPropertyDescription("Name of the Secret.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("Key with the access key.")
          @Default("AWS_ACCESS_KEY_ID")
          @Size(min = 1, max = 253)
          @Nullable String accessKeyIdKey,
      @JsonPropertyDescription("Key with the secret key.")
          @Default("AWS_SECRET_ACCESS_KEY")
          @Size(min = 1, max = 253)
          @Nullable String secretAccessKeyKey,
      @JsonPropertyDescription("Key with the token of a session. Default: there is none")
          @Size(min = 1, max = 253)
          @Nullable String sessionTokenKey) {}

  /**
   * Certificates in a Secret of the same namespace.
   *
   * @param name the Secret
   * @param key its key; default {@code ca.crt}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!has(self.key) || self.key.matches('" + ExternalSpec.KEY + "')",
      fieldPath = ".key",
      message = "s3.caSecretRef.key must be a key of the Secret: letters, digits, '-', '_' or '.'")
  public record CaRef(
      @JsonPropertyDescription("Name of the Secret.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("Key with the certificates in PEM.")
          @Default("ca.crt")
          @Size(min = 1, max = 253)
          @Nullable String key) {}
}
