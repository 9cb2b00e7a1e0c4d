package dev.wharfinger.operator.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * What the runner has said at the end of a drill, as {@code --result} writes it.
 *
 * @param outcome {@code proven}, {@code refused} or {@code failed}
 * @param reason one of the reasons of the {@code drill} command, or empty
 * @param message for people, without secrets and rows
 * @param seconds how long it took; null where it has not said so
 * @param dataAge how old the data of the set were, in seconds; null where it has not said so
 */
public record DrillReport(
    String outcome, String reason, String message, @Nullable Long seconds, @Nullable Long dataAge) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST = 800;
  private static final int LONGEST_WORD = 100;

  /**
   * Reads the runner's JSON.
   *
   * @return null where the words are something else
   */
  public static @Nullable DrillReport parse(@Nullable String words) {
    if (words == null) {
      return null;
    }
    try {
      JsonNode json = MAPPER.readTree(words);
      return json == null || !"drill".equals(json.path("command").asText())
          ? null
          : new DrillReport(
              shortened(json.path("outcome").asText(), LONGEST_WORD),
              shortened(json.path("reason").asText(), LONGEST_WORD),
              shortened(json.path("message").asText(), LONGEST),
              number(json.path("drill").path("seconds")),
              number(json.path("drill").path("dataAgeSeconds")));
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Whether the set was proven, as far as the runner knows. */
  public boolean proven() {
    return outcome.equals("proven");
  }

  private static @Nullable Long number(JsonNode seconds) {
    return seconds.isNumber() ? Math.round(seconds.asDouble()) : null;
  }

  private static String shortened(String text, int longest) {
    return text.substring(0, Math.min(text.length(), longest));
  }
}
