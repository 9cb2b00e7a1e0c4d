package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Secrets that a bucket is reached with. The operator looks whether they are there. */
public final class BucketSecrets {
  /** Anybody may know it, and it may be a word of every text. */
  private static final String ID = "AWS_ACCESS_KEY_ID";

  private BucketSecrets() {}

  /** Keys of the Secret, by the names under which the runner reads them. */
  public static Map<String, String> keys(S3TargetSpec.KeysRef ref) {
    Map<String, String> keys = new TreeMap<>();
    keys.put(ID, Objects.requireNonNullElse(ref.accessKeyIdKey(), ID));
    keys.put(
        "AWS_SECRET_ACCESS_KEY",
        Objects.requireNonNullElse(ref.secretAccessKeyKey(), "AWS_SECRET_ACCESS_KEY"));
    if (ref.sessionTokenKey() != null) {
      keys.put("AWS_SESSION_TOKEN", ref.sessionTokenKey());
    }
    return keys;
  }

  /** The key of the Secret with the certificates. */
  public static String caKey(S3TargetSpec.CaRef ref) {
    return Objects.requireNonNullElse(ref.key(), "ca.crt");
  }

  /**
   * A pod whose Secret lacks something would wait for it until its time is up.
   *
   * @param field where the spec speaks of the bucket
   * @param secrets a Secret of the instance's namespace by its name, or null
   * @throws StalledException names Secret, key and field, no value
   */
  public static void require(
      S3TargetSpec s3, String field, Function<String, @Nullable Secret> secrets) {
    S3TargetSpec.KeysRef ref = s3.credentialsSecretRef();
    Secret credentials = secret(ref.name(), field + ".credentialsSecretRef", secrets);
    keys(ref).values().forEach(key -> required(credentials, key, field + ".credentialsSecretRef"));
    S3TargetSpec.CaRef ca = s3.caSecretRef();
    if (ca != null) {
      required(
          secret(ca.name(), field + ".caSecretRef", secrets), caKey(ca), field + ".caSecretRef");
    }
  }

  /** What nobody may see of the Secret with the keys. */
  public static List<String> values(S3TargetSpec s3, Function<String, @Nullable Secret> secrets) {
    Secret secret = secrets.apply(s3.credentialsSecretRef().name());
    Map<String, String> keys = keys(s3.credentialsSecretRef());
    keys.remove(ID);
    return keys.values().stream()
        .flatMap(key -> Stream.ofNullable(SecretText.of(secret, key)))
        .map(String::strip)
        .toList();
  }

  private static Secret secret(
      String name, String field, Function<String, @Nullable Secret> secrets) {
    Secret secret = secrets.apply(name);
    if (secret == null) {
      throw new StalledException(
          "CredentialsMissing",
          "Secret "
              + name
              + ", which "
              + field
              + " names, is not there; make it: it is noticed by itself");
    }
    if (Labels.ownerUid(secret) != null || !ExternalServer.forThis(secret.getType())) {
      throw new StalledException(
          "CredentialsInvalid",
          "Secret "
              + name
              + " is not for this: "
              + field
              + " names one of type Opaque that the operator has not made");
    }
    return secret;
  }

  private static void required(Secret secret, String key, String field) {
    String value = SecretText.of(secret, key);
    if (value == null || value.isBlank()) {
      throw new StalledException(
          "CredentialsMissing",
          "Secret "
              + secret.getMetadata().getName()
              + " of "
              + field
              + " has no key "
              + key
              + ", or nothing in it");
    }
  }
}
