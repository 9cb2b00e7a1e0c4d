package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a restore is. A cache: what counts stands on the resource itself and on the volume.
 *
 * @param observedGeneration the generation of the spec this status speaks of
 * @param phase the step
 * @param plan what would be done, or was
 * @param safetyBackup the StorageBackup of what was there before
 * @param kept where what was there before is
 * @param restored what the application has now
 * @param writeStop how long the application could not write, as an ISO-8601 duration; set at the
 *     end
 * @param conditions Ready, Reconciling and Stalled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StorageRestoreStatus(
    @Nullable Long observedGeneration,
    @Nullable RestorePhase phase,
    @Nullable Plan plan,
    @JsonPropertyDescription("The StorageBackup of what was there before.")
        @Nullable String safetyBackup,
    @JsonPropertyDescription("Where what was there before is kept; the operator never deletes it.")
        @Nullable Kept kept,
    StorageInstanceStatus.@Nullable RestoredFrom restored,
    @Nullable String writeStop,
    @Nullable List<Condition> conditions) {

  /**
   * What would be done.
   *
   * @param setId what the set is called
   * @param consistentAt the instant that it has the data of; what was written later is not in it
   * @param rows rows of all tables in it
   * @param bytes what it takes on the volume, beside what is there
   * @param claim the volume
   * @param confirm the word that {@code spec.confirm} has to be
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Plan(
      String setId,
      @JsonPropertyDescription(
              "The instant that the set has the data of; what was written later is not in it.")
          String consistentAt,
      long rows,
      long bytes,
      String claim,
      @JsonPropertyDescription("What spec.confirm has to say for this to be done.")
          String confirm) {}

  /**
   * What was there before.
   *
   * @param claim the volume
   * @param folder the folder on it
   * @param since the instant of the StorageBackup of what was there before; null where none was
   *     made, and nothing but the folder has any of it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Kept(
      String claim,
      String folder,
      @JsonPropertyDescription("Since when nothing but this folder has it.")
          @Nullable String since) {}
}
