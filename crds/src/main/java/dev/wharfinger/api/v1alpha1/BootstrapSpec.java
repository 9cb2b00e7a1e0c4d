package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a new instance begins with. Said when it is made; later it can only be removed.
 *
 * @param restoreFrom a backup set to begin with
 */
public record BootstrapSpec(
    @JsonPropertyDescription(
            "A backup set that a new instance begins with. It is restored before the application is told of the database.")
        @Nullable RestoreFrom restoreFrom) {

  /**
   * A backup set.
   *
   * @param backupName a {@link StorageBackup} that is Completed
   * @param claimName a claim with sets, where there is no record of them
   * @param s3 a bucket with sets, where there is no record of them
   * @param path the folder of that claim or bucket, as the commands want it for {@code --prefix}
   * @param id what the set is called
   * @param identitySecretRef the private key of a set that is encrypted
   * @param filesClaimName an empty claim for the files of a set of PostgreSQL
   */
  @ValidationRule(
      value =
          "(has(self.backupName) ? 1 : 0) + (has(self.claimName) ? 1 : 0) + (has(self.s3) ? 1 : 0) == 1",
      message =
          "bootstrap.restoreFrom takes backupName, for a StorageBackup, or claimName and id or s3 and id, for a set whose"
              + " record is gone: say one of them")
  @ValidationRule(
      value = "has(self.backupName) != has(self.id)",
      fieldPath = ".id",
      message =
          "bootstrap.restoreFrom.id goes with claimName and s3: it is what the set is called, as the command list shows it")
  @ValidationRule(
      value = "!has(self.path) || !has(self.backupName)",
      fieldPath = ".path",
      message =
          "bootstrap.restoreFrom.path is a folder of claimName or s3: remove it, or say one of them")
  @ValidationRule(
      value = "!has(self.s3) || !has(self.s3.prefix)",
      fieldPath = ".s3.prefix",
      message =
          "bootstrap.restoreFrom.path is the whole folder in the bucket, as status.target.prefix of the StorageBackup says it:"
              + " remove s3.prefix")
  @ValidationRule(
      value = "!has(self.id) || self.id.matches('^[a-z0-9][a-z0-9-]*$')",
      fieldPath = ".id",
      message =
          "bootstrap.restoreFrom.id is the name of a set: small letters, digits and hyphens, as the command list shows it")
  @ValidationRule(
      value =
          "!has(self.path) || self.path.matches('^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$')",
      fieldPath = ".path",
      message =
          "bootstrap.restoreFrom.path is a folder such as shop.notes/6c1f1c9e/sqlite-1, without a slash at either end")
  public record RestoreFrom(
      @JsonPropertyDescription(
              "A StorageBackup of this namespace that is Completed; where its set is, its status says.")
          @Size(min = 1, max = 253)
          @Nullable String backupName,
      @JsonPropertyDescription(
              "A PersistentVolumeClaim of this namespace with sets, where no StorageBackup tells of them.")
          @Size(min = 1, max = 253)
          @Nullable String claimName,
      @JsonPropertyDescription(
              "A bucket with sets, where no StorageBackup tells of them. How it is reached may be corrected later.")
          @Nullable S3TargetSpec s3,
      @JsonPropertyDescription(
              "The folder of that claim or bucket which has lineage.json and sets.")
          @Size(min = 1, max = 512)
          @Nullable String path,
      @JsonPropertyDescription("What the set is called there.") @Size(min = 1, max = 63)
          @Nullable String id,
      @JsonPropertyDescription(
              "The private key of age that opens an encrypted set. Nothing but the Job that restores sees it.")
          @Nullable IdentityRef identitySecretRef,
      @JsonPropertyDescription(
              "An empty PersistentVolumeClaim of this namespace, into which files of a set of PostgreSQL are restored. It"
                  + " may be added later. Of a set of SQLite the files come back beside the databases.")
          @Size(min = 1, max = 253)
          @Nullable String filesClaimName) {}

  /**
   * A private key in a Secret of the same namespace.
   *
   * @param name the Secret
   * @param key its key; default {@code identity}
   */
  @ValidationRule(
      value = "!has(self.key) || self.key.matches('" + ExternalSpec.KEY + "')",
      fieldPath = ".key",
      message =
          "bootstrap.restoreFrom.identitySecretRef.key must be a key of the Secret: letters, digits, '-', '_' or '.'")
  public record IdentityRef(
      @JsonPropertyDescription("Name of the Secret.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("Key of the Secret; identity when absent.") @Size(max = 253)
          @Nullable String key) {}
}
