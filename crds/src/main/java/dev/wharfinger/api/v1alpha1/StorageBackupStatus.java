package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be trusted. A cache: what a backup ended with stands on the resource itself, and its set
 * in the target.
 *
 * @param observedGeneration the generation of the spec this status speaks of
 * @param phase how far it is
 * @param backend the backend that held the data
 * @param target where the set is
 * @param setId what it is called there
 * @param job the Job that makes it
 * @param startedAt when the Job began; RFC 3339, as all times
 * @param consistentAt the instant that the set has the data of
 * @param finishedAt when the backup ended
 * @param totals what is in the set
 * @param recipients public keys that it is encrypted to; absent where it is in clear
 * @param level what was done to trust it
 * @param warnings what somebody should know of a set that is there nevertheless
 * @param conditions Ready, Reconciling and Stalled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StorageBackupStatus(
    @Nullable Long observedGeneration,
    @Nullable BackupPhase phase,
    @Nullable String backend,
    @Nullable Target target,
    @JsonPropertyDescription("What the set is called, for the commands list, verify and restore.")
        @Nullable String setId,
    @Nullable String job,
    @Nullable String startedAt,
    @JsonPropertyDescription("The instant that the set has the data of.")
        @Nullable String consistentAt,
    @Nullable String finishedAt,
    @Nullable Totals totals,
    @Nullable List<String> recipients,
    @JsonPropertyDescription(
            "What was done to trust the set. HashVerified: every object was read back from the target and compared.")
        @Nullable String level,
    @Nullable List<Warning> warnings,
    @Nullable List<Condition> conditions) {

  /**
   * Where the set is.
   *
   * @param claim the PersistentVolumeClaim; null for a bucket
   * @param prefix the folder in it, as the commands want it for {@code --prefix}
   * @param bucket the bucket; null for a claim
   * @param endpoint where that is reached; null for a claim, and for AWS
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Target(
      @Nullable String claim,
      @JsonPropertyDescription("The folder, for --prefix of the commands list, verify and restore.")
          String prefix,
      @Nullable String bucket,
      @Nullable String endpoint) {

    /** On a claim. */
    public static Target onClaim(String claim, String prefix) {
      return new Target(claim, prefix, null, null);
    }
  }

  /**
   * What is in the set.
   *
   * @param databases databases
   * @param tables their tables
   * @param rows rows of all tables
   * @param files other files
   * @param bytes bytes before compression
   * @param storedBytes bytes in the target
   */
  public record Totals(
      long databases, long tables, long rows, long files, long bytes, long storedBytes) {}

  /**
   * Something that is worth knowing.
   *
   * @param code one of the warnings of the {@code backup} command
   * @param detail for people
   */
  public record Warning(String code, String detail) {}
}
