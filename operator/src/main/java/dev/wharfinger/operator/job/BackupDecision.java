package dev.wharfinger.operator.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.BackupSpec;
import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.model.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Of which data a backup is, and where its set goes. Decided once and written on the StorageBackup
 * before its first Job is made: whatever the spec says later, a second Job looks where the first
 * one wrote, or there is none. The Job has it too.
 *
 * @param of uid of the StorageBackup; somebody may copy all of it under another name
 * @param set what it is called, of which backend, and in which folder
 * @param target what the spec said, with the claim's name where that was left to the operator
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackupDecision(String of, SetAddress set, BackupSpec.Target target) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setSerializationInclusion(JsonInclude.Include.NON_NULL);

  /** What was decided for a backup; null where nothing was, or nobody can read it any more. */
  public static @Nullable BackupDecision of(StorageBackup backup) {
    return on(backup, backup);
  }

  /** What was decided for a backup, as its Job has it; null where that does not say it. */
  public static @Nullable BackupDecision on(@Nullable HasMetadata object, StorageBackup backup) {
    BackupDecision read = read(Annotations.get(object, Annotations.BACKUP_DECISION));
    return read == null || !read.of.equals(backup.getMetadata().getUid()) ? null : read;
  }

  /** Whether something was decided, and nobody can read it any more. */
  public static boolean spoiled(StorageBackup backup) {
    String text = Annotations.get(backup, Annotations.BACKUP_DECISION);
    return text != null && read(text) == null;
  }

  private static @Nullable BackupDecision read(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      BackupDecision read = MAPPER.readValue(text, BackupDecision.class);
      return read == null
              || read.of == null
              || read.target == null
              || read.set == null
              || read.set.id() == null
              || read.set.backend() == null
              || read.set.prefix() == null
          ? null
          : read;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** For the annotation. */
  public String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written", e);
    }
  }

  /** Where the set goes, as people are told. */
  public StorageBackupStatus.Target place() {
    S3TargetSpec s3 = target.s3();
    BackupSpec.Claim claim = target.persistentVolumeClaim();
    return s3 == null
        ? StorageBackupStatus.Target.onClaim(
            claim == null || claim.claimName() == null ? "" : claim.claimName(), prefix())
        : new StorageBackupStatus.Target(null, prefix(), s3.bucket(), s3.endpoint());
  }

  /** The whole folder in the target. */
  String prefix() {
    return folder(target, set.prefix());
  }

  /** Where an instance's own folder is in a target: a bucket may have one above it. */
  public static String folder(BackupSpec.@Nullable Target target, String own) {
    S3TargetSpec s3 = target == null ? null : target.s3();
    return s3 == null || s3.prefix() == null ? own : s3.prefix() + "/" + own;
  }
}
