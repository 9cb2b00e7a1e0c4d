package dev.wharfinger.operator.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.operator.model.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Of which set a drill is, and when it was begun. It stands on the Job from its first moment, so
 * that whoever judges the Job writes its end on that very StorageBackup.
 *
 * @param backup name of the StorageBackup
 * @param of its uid
 * @param at when the drill was begun, by the operator's clock
 * @param word hash of the text by which a person asks; null where there was none
 * @param consistentAt the instant that the set has the data of; null where nobody knows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DrillDecision(
    String backup, String of, String at, @Nullable String word, @Nullable String consistentAt) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What was decided for a Job; null where nobody can read it any more. */
  public static @Nullable DrillDecision on(HasMetadata job) {
    String text = Annotations.get(job, Annotations.DRILL_DECISION);
    if (text == null) {
      return null;
    }
    try {
      DrillDecision read = MAPPER.readValue(text, DrillDecision.class);
      if (read == null || read.backup == null || read.of == null || read.at == null) {
        return null;
      }
      Instant.parse(read.at);
      return read;
    } catch (JsonProcessingException | DateTimeParseException e) {
      return null;
    }
  }

  /** When it was begun. */
  public Instant began() {
    return Instant.parse(at);
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
