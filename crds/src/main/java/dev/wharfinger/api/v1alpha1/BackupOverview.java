package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an instance's backups. It changes when a slot passes or a backup ends, and
 * stands still in between.
 *
 * @param lastSuccessful the newest good one
 * @param next the next slots; RFC 3339, as all times
 * @param waiting what a backup that is due waits for
 * @param lastSlot the latest slot that was run, or missed
 * @param anchor from when on slots count
 * @param retention what retention would do
 * @param drilling what is known of the drill that is due or under way
 * @param lastDrill what became of the last drill
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackupOverview(
    @JsonPropertyDescription("The newest good backup whose StorageBackup is there.")
        @Nullable LastSuccessful lastSuccessful,
    @JsonPropertyDescription(
            "The next three slots of the schedule. A backup begins up to the jitter later.")
        @Nullable List<String> next,
    @JsonPropertyDescription("What a backup that is due waits for.") @Nullable String waiting,
    @JsonPropertyDescription("The latest slot that was run, or missed.") @Nullable String lastSlot,
    @JsonPropertyDescription("From when on the schedule counts.") @Nullable Anchor anchor,
    @JsonPropertyDescription("What retention would do. Nothing is deleted in this version.")
        @Nullable Retention retention,
    @JsonPropertyDescription(
            "What a drill that is due waits for, or which Job makes it; absent while none is due.")
        @Nullable String drilling,
    @JsonPropertyDescription("The last drill whose StorageBackup is there.")
        @Nullable LastDrill lastDrill) {

  /** The same with what is known of drills. */
  public BackupOverview drilled(@Nullable String now, @Nullable LastDrill last) {
    return new BackupOverview(
        lastSuccessful, next, waiting, lastSlot, anchor, retention, now, last);
  }

  /**
   * A drill.
   *
   * @param backup name of the StorageBackup whose set was tried
   * @param at when it began
   * @param seconds how long it took
   * @param dataAge how old the data of the set were, in seconds
   * @param outcome {@code Proven} or {@code Failed}
   * @param reason why it failed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LastDrill(
      @JsonPropertyDescription("The StorageBackup whose set was restored for a try.") String backup,
      @JsonPropertyDescription("When the drill began.") String at,
      @JsonPropertyDescription("How long it took.") @Nullable Long seconds,
      @JsonPropertyDescription(
              "How old the data of the set were by then, in seconds: what an outage would have lost.")
          @Nullable Long dataAge,
      @JsonPropertyDescription("Proven, or Failed.") String outcome,
      @JsonPropertyDescription("Why it failed: a reason of the command drill.")
          @Nullable String reason) {}

  /**
   * A good backup.
   *
   * @param name of the StorageBackup
   * @param setId what the set is called
   * @param consistentAt the instant that it has the data of
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LastSuccessful(String name, @Nullable String setId, String consistentAt) {}

  /**
   * From when on slots count.
   *
   * @param fingerprint of the schedule
   * @param since no slot before it is due
   * @param resumed whether backups were begun or resumed then
   * @param suspended whether they are suspended now
   */
  public record Anchor(String fingerprint, String since, boolean resumed, boolean suspended) {}

  /**
   * What retention would do.
   *
   * @param frozen why nothing would go at present
   * @param next what would go first
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Retention(
      @JsonPropertyDescription("Why nothing would go at present, where it would not.")
          @Nullable String frozen,
      @JsonPropertyDescription("What would go, the first one first.") List<Going> next) {}

  /**
   * What would go.
   *
   * @param name of the StorageBackup
   * @param setId what the set is called
   * @param consistentAt the instant that it has the data of
   * @param why for people
   * @param after with the backup of which slot it would go; now where it would at once
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Going(
      String name,
      @Nullable String setId,
      @Nullable String consistentAt,
      String why,
      @JsonPropertyDescription(
              "After the backup of which slot it would go; now where it would at once, absent while nothing goes.")
          @Nullable String after) {}
}
