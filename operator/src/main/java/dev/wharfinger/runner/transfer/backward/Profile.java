package dev.wharfinger.runner.transfer.backward;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Formats of columns as reports name them. */
public final class Profile {
  private Profile() {}

  /** Reads a report of a move in either direction, or {@code {"formats": {"table.column": …}}}. */
  public static Map<String, List<String>> of(JsonNode json) {
    Map<String, List<String>> formats = new HashMap<>();
    for (JsonNode table : json.path("tables")) {
      for (JsonNode column : table.path("columns")) {
        List<String> fits = new ArrayList<>();
        column.path("format").path("fits").forEach(name -> fits.add(name.asText()));
        if (!fits.isEmpty()) {
          formats.put(table.path("name").asText() + "." + column.path("name").asText(), fits);
        }
      }
    }
    json.path("formats")
        .properties()
        .forEach(entry -> formats.put(entry.getKey(), List.of(entry.getValue().asText())));
    return formats;
  }
}
