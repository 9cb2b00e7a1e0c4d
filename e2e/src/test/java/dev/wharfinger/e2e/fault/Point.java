package dev.wharfinger.e2e.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A moment at which something goes wrong: the n-th time that a scenario's operator sends a certain
 * write.
 *
 * @param scenario the scenario's name
 * @param write what the write is about, see {@link #write}
 * @param nth counted from 1
 * @param mode what goes wrong
 */
record Point(String scenario, String write, int nth, Mode mode) {
  /** What goes wrong at a write. */
  enum Mode {
    /** The operator is killed before the API server sees the write. */
    LOST,
    /** The API server does it and the answer is lost; the operator lives on, and sends it again. */
    UNANSWERED,
    /** The operator is killed as soon as it has the answer. */
    AFTER
  }

  static Point parse(String text) {
    String[] parts = text.split(" @ ");
    return new Point(parts[0], parts[1], Integer.parseInt(parts[2]), Mode.valueOf(parts[3]));
  }

  @Override
  public String toString() {
    return "%s @ %s @ %d @ %s".formatted(scenario, write, nth, mode);
  }

  /** A write in words that are the same in every run. */
  static String write(ApiRequest request) {
    return "%s %s %s%s"
        .formatted(
            request.verb(),
            request.resource(),
            request
                .name()
                .replaceAll("-dry-[0-9a-f]{6}", "-dry")
                .replaceAll("-(probe|password|revision)-[0-9a-f]{8}", "-$1")
                .replaceAll("-schema-[0-9a-f]{8}(-[0-9a-f]{8})?", "-schema"),
            about(request));
  }

  private static String about(ApiRequest request) {
    JsonNode json = request.json();
    List<String> words = new ArrayList<>();
    if (request.resource().endsWith("/status")) {
      words.add(json.at("/status/phase").asText());
      words.add(json.at("/status/conditions/0/reason").asText());
    } else if (request.verb().equals("patch")) {
      if (json.isArray()) {
        json.forEach(o -> words.add(o.path("op").asText() + o.path("path").asText()));
      }
      words.addAll(names(json.at("/metadata/annotations"), !json.has("kind")));
      words.addAll(names(json.at("/metadata/labels"), !json.has("kind")));
      words.addAll(names(json.at("/spec"), !json.has("kind")));
    }
    words.removeIf(String::isEmpty);
    return words.isEmpty() ? "" : " (" + String.join(" ", words) + ")";
  }

  /** The fields of a merge patch; an object that is applied as a whole has too many. */
  private static TreeSet<String> names(JsonNode node, boolean patch) {
    TreeSet<String> names = new TreeSet<>();
    if (patch) {
      node.fieldNames().forEachRemaining(n -> names.add(n.replaceAll(".*/", "")));
    }
    return names;
  }
}
