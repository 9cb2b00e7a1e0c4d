package dev.wharfinger.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The most important of a backup's report, in no more bytes than Kubernetes keeps of the last words
 * of a container. What is cut there is no JSON any more, so it is cut here.
 */
final class BackupWords {
  /** Kubernetes keeps 4096 bytes. */
  static final int MOST_BYTES = 4000;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MOST_WARNINGS = 10;

  private BackupWords() {}

  /** As JSON, on one line. */
  static String of(JsonNode report) throws JsonProcessingException {
    for (int length : new int[] {800, 300, 100, 20, 0}) {
      String text = MAPPER.writeValueAsString(shortened(report, length));
      if (text.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
        return text;
      }
    }
    return MAPPER.writeValueAsString(
        MAPPER
            .createObjectNode()
            .put("command", report.path("command").asText())
            .put("outcome", report.path("outcome").asText())
            .put("reason", report.path("reason").asText()));
  }

  private static ObjectNode shortened(JsonNode report, int length) {
    ObjectNode words = MAPPER.createObjectNode();
    for (String name : new String[] {"command", "outcome", "reason"}) {
      words.put(name, report.path(name).asText());
    }
    words.put("message", cut(report.path("message").asText(), Math.max(length, 200)));
    JsonNode manifest = report.path("set");
    if (manifest.path("id").isTextual()) {
      ObjectNode set = words.putObject("set");
      set.put("id", manifest.path("id").asText());
      set.put("consistentAt", manifest.path("consistentAt").asText());
      if (List.of("restore", "swap").contains(report.path("command").asText())) {
        set.put("lineage", manifest.path("lineage").asText());
      }
      set.set("totals", manifest.path("totals"));
      ArrayNode recipients = set.putArray("recipients");
      manifest.path("encryption").path("recipients").forEach(recipients::add);
      set.put("suspicious", !manifest.path("suspicious").isEmpty());
    }
    if (report.path("untouched").asBoolean()) {
      words.put("untouched", true);
    }
    if (report.has("drill")) {
      words.set("drill", report.path("drill"));
    }
    ArrayNode warnings = words.putArray("warnings");
    JsonNode all =
        manifest.path("warnings").isArray() && !report.has("drill")
            ? manifest.path("warnings")
            : report.path("warnings");
    for (JsonNode one : all) {
      if (warnings.size() < MOST_WARNINGS) {
        warnings
            .addObject()
            .put("code", one.path("code").asText())
            .put("detail", cut(one.path("detail").asText(), length));
      }
    }
    return words;
  }

  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    // Half of a character is none.
    int end =
        length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end) + "…";
  }
}
