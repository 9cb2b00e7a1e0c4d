package dev.wharfinger.operator.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.operator.model.RestoredData;
import org.jspecify.annotations.Nullable;

/**
 * What the runner has said at the end of a restore, as {@code --result} writes it.
 *
 * @param reason one of the reasons of the {@code restore} command, or empty
 * @param message for people, without secrets and rows
 * @param restored what was restored; null where nothing was
 * @param untouched whether a swap has changed nothing, nor has one before it
 */
public record RestoreReport(
    String reason, String message, @Nullable RestoredData restored, boolean untouched) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST = 800;
  private static final int LONGEST_WORD = 100;

  /**
   * Reads the runner's JSON.
   *
   * @return null where the words are something else
   */
  public static @Nullable RestoreReport parse(@Nullable String words) {
    if (words == null) {
      return null;
    }
    try {
      JsonNode json = MAPPER.readTree(words);
      String command = json == null ? "" : json.path("command").asText();
      return json == null || !command.equals("restore") && !command.equals("swap")
          ? null
          : new RestoreReport(
              shortened(json.path("reason").asText(), LONGEST_WORD),
              shortened(json.path("message").asText(), LONGEST),
              restored(json.path("outcome").asText(), json.path("set")),
              json.path("untouched").asBoolean());
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static @Nullable RestoredData restored(String outcome, JsonNode set) {
    if (!set.path("id").isTextual()
        || !outcome.equals("restored") && !outcome.equals("already-restored")) {
      return null;
    }
    String lineage = shortened(set.path("lineage").asText(), LONGEST_WORD);
    return new RestoredData(
        shortened(set.path("id").asText(), LONGEST_WORD),
        shortened(set.path("consistentAt").asText(), LONGEST_WORD),
        lineage.isEmpty() ? null : lineage,
        set.path("totals").path("rows").asLong(),
        null);
  }

  private static String shortened(String text, int longest) {
    return text.substring(0, Math.min(text.length(), longest));
  }
}
