package dev.wharfinger.operator.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.operator.model.Annotations;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What the last drill of a set ended with. It stands on the StorageBackup of that set, so that
 * neither a wiped status nor a Job that was cleaned up takes it away.
 *
 * @param of uid of the StorageBackup; somebody may copy all of it under another name
 * @param at when it began
 * @param word hash of the text for which it was made, or which was there when it was; or null
 * @param seconds how long it took; null where nobody knows
 * @param dataAge how old the data of the set were, in seconds; null where nobody knows
 * @param outcome {@link #PROVEN} or {@link #FAILED}
 * @param reason a reason of the command {@code drill}; null where it has said none
 * @param message for people, without secrets and rows; empty where all is well
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DrillResult(
    String of,
    String at,
    @Nullable String word,
    @Nullable Long seconds,
    @Nullable Long dataAge,
    String outcome,
    @Nullable String reason,
    String message) {
  /** The set was restored and compared, and each damage made on purpose was noticed. */
  static final String PROVEN = "Proven";

  /** It was not. */
  static final String FAILED = "Failed";

  /** What began later than that was noted by a clock gone wrong. */
  private static final Duration BELIEVED = Duration.ofDays(1);

  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What is written on a StorageBackup; null where nothing is, or nobody can read it any more. */
  public static @Nullable DrillResult of(StorageBackup backup) {
    String text = Annotations.get(backup, Annotations.DRILLED);
    if (text == null) {
      return null;
    }
    try {
      DrillResult read = MAPPER.readValue(text, DrillResult.class);
      if (read == null
          || read.of == null
          || read.at == null
          || read.outcome == null
          || read.message == null
          || !read.of.equals(backup.getMetadata().getUid())) {
        return null;
      }
      Instant.parse(read.at);
      return read;
    } catch (JsonProcessingException | DateTimeParseException e) {
      // Then the set is one that was never tried, and is tried again.
      return null;
    }
  }

  /** When it began. */
  public Instant began() {
    return Instant.parse(at);
  }

  /**
   * Whether a drill that was begun then is told by this, or is older; what a clock gone wrong has
   * noted tells of none.
   */
  public boolean covers(Instant other, Instant now) {
    return believed(began(), now) && !other.isAfter(began());
  }

  /** Whether a drill may have begun then. */
  public static boolean believed(Instant began, Instant now) {
    return !began.isAfter(now.plus(BELIEVED));
  }

  boolean proven() {
    return outcome.equals(PROVEN);
  }

  /** For the annotation. */
  public String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written", e);
    }
  }
}
