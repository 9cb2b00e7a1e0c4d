package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Phoenix itself: spans sent on either side are there on the other one, whichever way it goes. */
class PhoenixStory {
  private static final String SPANS = "/v1/projects/default/spans";

  @RegisterExtension static final Story story = new Story("phoenix", 1);

  @Test
  void PHX_29_PHX_30_spansAreThereAfterTheSwitchAndOnTheWayBack() {
    story.apply("phoenix");
    story.instance("phoenix").awaitReady();
    Map<String, JsonNode> before;
    try (Tunnel phoenix = open()) {
      for (int n = 1; n <= 20; n++) {
        send(phoenix, n);
      }
      before = awaitSpans(phoenix, 20);
    }

    story.instance("phoenix").backend("PostgreSQL");
    Migration migration = story.migration("phoenix");
    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("phoenix").awaitReady();
    Figures.note("Phoenix switch, write stop as the operator tells it", migration.writeStop());

    Map<String, JsonNode> there;
    try (Tunnel phoenix = open()) {
      assertThat(spans(phoenix)).containsExactlyInAnyOrderEntriesOf(before);
      send(phoenix, 21);
      there = awaitSpans(phoenix, 21);
      assertThat(there).containsAllEntriesOf(before);
    }

    story.instance("phoenix").backend("SQLite");
    Migration back = story.migration("phoenix");
    assertThat(back.awaitEndTo(Backend.SQLITE)).as(back::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("phoenix").awaitReady();
    Figures.note("Phoenix switch back, write stop as the operator tells it", back.writeStop());

    try (Tunnel phoenix = open()) {
      assertThat(spans(phoenix)).containsExactlyInAnyOrderEntriesOf(there);
      send(phoenix, 22);
      assertThat(awaitSpans(phoenix, 22)).containsAllEntriesOf(there);
    }
  }

  private static Tunnel open() {
    return new Tunnel(story.client(), story.pods().awaitReadyOf("phoenix"), 6006);
  }

  private static void send(Tunnel phoenix, int n) {
    String span =
        """
        {"data": [{"name": "span %1$d ☕", "span_kind": "LLM", "status_code": "OK",
          "context": {"trace_id": "%1$032x", "span_id": "%1$016x"},
          "start_time": "2026-01-01T12:00:00.123456Z", "end_time": "2026-01-01T12:00:01Z",
          "attributes": {"llm.model_name": "model", "llm.token_count.total": %1$d, "score": 0.1},
          "events": [{"name": "event", "timestamp": "2026-01-01T12:00:00.5Z", "attributes": {}}]}]}
        """
            .formatted(n);
    phoenix.call(SPANS, "application/json", span, null);
  }

  /** Phoenix takes spans into a queue; waits until it shows so many. */
  private static Map<String, JsonNode> awaitSpans(Tunnel phoenix, int count) {
    return await("spans shown")
        .atMost(Duration.ofMinutes(1))
        .until(() -> spans(phoenix), spans -> spans.size() == count);
  }

  /** All spans, every field of them, by their OpenTelemetry ids. */
  private static Map<String, JsonNode> spans(Tunnel phoenix) {
    Map<String, JsonNode> spans = new TreeMap<>();
    try {
      String answer = phoenix.call(SPANS + "?limit=100", "application/json", null, null);
      for (JsonNode span : new ObjectMapper().readTree(answer).get("data")) {
        spans.put(span.at("/context/span_id").asText(), span);
      }
      return spans;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
