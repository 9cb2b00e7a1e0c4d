package dev.wharfinger.operator.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.BootstrapSpec;
import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The backup set that a new volume is to be filled from. It stands on the volume's claim from the
 * claim's first moment, so that a claim which was made for this is told from every other, whatever
 * becomes of the resource and of the backup's record.
 *
 * @param instance uid of the instance whose claim it is
 * @param claim the claim with the sets; null for a bucket
 * @param s3 the bucket with the sets, without a prefix of its own; null for a claim
 * @param prefix the folder in it; empty for the whole
 * @param set what the set is called
 * @param identity Secret with the private key of an encrypted set, or null
 * @param identityKey its key, or null where there is no Secret
 * @param files claim for the files of a set of PostgreSQL, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreSource(
    String instance,
    @Nullable String claim,
    @Nullable S3TargetSpec s3,
    String prefix,
    String set,
    @Nullable String identity,
    @Nullable String identityKey,
    @Nullable String files) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What the spec says, or null where it says nothing. */
  public static BootstrapSpec.@Nullable RestoreFrom asked(StorageInstance instance) {
    BootstrapSpec bootstrap = instance.getSpec() == null ? null : instance.getSpec().bootstrap();
    return bootstrap == null ? null : bootstrap.restoreFrom();
  }

  /** A set on a claim for an instance, with the private key that its spec names. */
  public static RestoreSource onClaim(
      StorageInstance instance, String claim, String prefix, String set) {
    return new RestoreSource(
            instance.getMetadata().getUid(), claim, null, prefix, set, null, null, null)
        .opened(instance);
  }

  /** A set in a bucket for an instance, with the private key that its spec names. */
  public static RestoreSource inBucket(
      StorageInstance instance, S3TargetSpec s3, String prefix, String set) {
    return new RestoreSource(
            instance.getMetadata().getUid(), null, whole(s3), prefix, set, null, null, null)
        .opened(instance);
  }

  /** A set of SQLite for an instance that has data, wherever it is. */
  public static RestoreSource recorded(
      String instance,
      @Nullable String claim,
      @Nullable S3TargetSpec s3,
      String prefix,
      String set,
      BootstrapSpec.@Nullable IdentityRef identity) {
    return new RestoreSource(
        instance,
        claim,
        s3 == null ? null : whole(s3),
        prefix,
        set,
        identity == null ? null : identity.name(),
        identity == null ? null : Objects.requireNonNullElse(identity.key(), "identity"),
        null);
  }

  /** The prefix of the source says the whole folder. */
  private static S3TargetSpec whole(S3TargetSpec s3) {
    return new S3TargetSpec(
        s3.endpoint(),
        s3.region(),
        s3.bucket(),
        null,
        s3.pathStyle(),
        s3.credentialsSecretRef(),
        s3.caSecretRef());
  }

  /**
   * What a claim is to be filled from, or was; null where it was made for nothing of that kind.
   *
   * @throws StalledException where the words were spoiled
   */
  public static @Nullable RestoreSource on(HasMetadata claim) {
    String text = Annotations.get(claim, Annotations.RESTORE_FROM);
    if (text == null) {
      return null;
    }
    try {
      RestoreSource read = MAPPER.readValue(text, RestoreSource.class);
      if (read != null
          && read.instance != null
          && (read.claim == null) != (read.s3 == null)
          && read.prefix != null
          && read.set != null) {
        return read;
      }
    } catch (JsonProcessingException e) {
      // Said below.
    }
    throw new StalledException(
        "RestoreRefused",
        "annotation "
            + Annotations.RESTORE_FROM
            + " of claim "
            + claim.getMetadata().getName()
            + " is spoiled, and nobody can tell whether its data is whole; put it back, or delete this StorageInstance"
            + " and the claim and begin again");
  }

  /**
   * The same with the private key and the claim for files that the spec names now, which may come
   * later, and the bucket reached as the spec says now.
   */
  public RestoreSource opened(StorageInstance instance) {
    BootstrapSpec.RestoreFrom asked = asked(instance);
    if (asked == null) {
      return this;
    }
    BootstrapSpec.IdentityRef ref = asked.identitySecretRef();
    return new RestoreSource(
        this.instance,
        claim,
        asked.s3() == null ? s3 : asked.s3(),
        prefix,
        set,
        ref == null ? identity : ref.name(),
        ref == null ? identityKey : Objects.requireNonNullElse(ref.key(), "identity"),
        asked.filesClaimName() == null ? files : asked.filesClaimName());
  }

  /** For the annotation. */
  public String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written", e);
    }
  }

  /** For people. */
  public String words() {
    return "set "
        + set
        + (s3 == null ? " on claim " + claim : " in bucket " + s3.bucket())
        + (prefix.isEmpty() ? "" : " in " + prefix);
  }
}
