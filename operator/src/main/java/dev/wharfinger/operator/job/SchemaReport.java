package dev.wharfinger.operator.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * What a Job of schema migrations has said, from the last words of its pod.
 *
 * @param message for people, without secrets and rows
 * @param tool who keeps the revision
 * @param revision what the tool's table names, or null
 * @param copy file name of the copy of before, or null
 */
public record SchemaReport(
    String message, @Nullable String tool, @Nullable String revision, @Nullable String copy) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST = 800;
  private static final int LONGEST_WORD = 200;

  /** Of a Job whose pod is gone, or was ended before it could say anything. */
  public static final SchemaReport NONE = new SchemaReport("", null, null, null);

  /**
   * Reads the runner's JSON.
   *
   * @return null where the words are something else, which are not repeated
   */
  public static @Nullable SchemaReport parse(@Nullable String words) {
    if (words == null) {
      return null;
    }
    try {
      JsonNode json = MAPPER.readTree(words);
      return json == null || !json.path("code").isTextual()
          ? null
          : new SchemaReport(
              shortened(json.path("message").asText(), LONGEST),
              word(json, "tool"),
              word(json, "revision"),
              word(json, "copy"));
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static @Nullable String word(JsonNode json, String name) {
    return json.path(name).isTextual() ? shortened(json.path(name).asText(), LONGEST_WORD) : null;
  }

  private static String shortened(String text, int longest) {
    return text.substring(0, Math.min(text.length(), longest));
  }
}
