package dev.wharfinger.operator.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus.Totals;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the runner has said at its end, as {@code --result} writes it.
 *
 * @param outcome {@code completed}, {@code already-completed}, {@code refused} or {@code failed}
 * @param reason one of the reasons of the {@code backup} command, or empty
 * @param message for people, without secrets and rows
 * @param set what is told of the set; null where there is none
 * @param warnings what somebody should know
 */
public record BackupReport(
    String outcome, String reason, String message, @Nullable SetFacts set, List<Warning> warnings) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST = 800;

  /**
   * A set that is there.
   *
   * @param id what it is called
   * @param consistentAt the instant that it has the data of
   * @param totals what is in it
   * @param recipients who can read it
   * @param suspicious whether it has much less than the one before
   */
  public record SetFacts(
      String id, String consistentAt, Totals totals, List<String> recipients, boolean suspicious) {}

  /**
   * Reads the runner's JSON.
   *
   * @return null where the words are something else
   */
  public static @Nullable BackupReport parse(@Nullable String words) {
    if (words == null) {
      return null;
    }
    try {
      JsonNode json = MAPPER.readTree(words);
      return json == null || !"backup".equals(json.path("command").asText())
          ? null
          : new BackupReport(
              json.path("outcome").asText(),
              json.path("reason").asText(),
              shortened(json.path("message").asText()),
              set(json.path("set")),
              warnings(json.path("warnings")));
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Whether there is a set, as far as the runner knows. */
  public boolean completed() {
    return set != null && (outcome.equals("completed") || outcome.equals("already-completed"));
  }

  private static @Nullable SetFacts set(JsonNode set) {
    if (!set.path("id").isTextual()) {
      return null;
    }
    JsonNode totals = set.path("totals");
    return new SetFacts(
        set.path("id").asText(),
        set.path("consistentAt").asText(),
        new Totals(
            totals.path("databases").asLong(),
            totals.path("tables").asLong(),
            totals.path("rows").asLong(),
            totals.path("files").asLong(),
            totals.path("bytes").asLong(),
            totals.path("storedBytes").asLong()),
        StreamSupport.stream(set.path("recipients").spliterator(), false)
            .map(JsonNode::asText)
            .toList(),
        set.path("suspicious").asBoolean());
  }

  private static List<Warning> warnings(JsonNode list) {
    List<Warning> warnings = new ArrayList<>();
    for (JsonNode one : list) {
      warnings.add(new Warning(one.path("code").asText(), shortened(one.path("detail").asText())));
    }
    return List.copyOf(warnings);
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST));
  }
}
