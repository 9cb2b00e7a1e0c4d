package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An application of three clients that append rows without end and keep books, on a volume of their
 * own, of what they sent and what they were told is stored: {@code
 * src/test/resources/ledger/ledger.py}.
 */
final class Ledger {
  private static final Path FOLDER = Shell.TOP.resolve("e2e/src/test/resources/ledger");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Story story;

  private Ledger(Story story) {
    this.story = story;
  }

  /** Starts it on SQLite and waits until it has stored something. */
  static Ledger start(Story story) {
    Shell.run(
        "kubectl",
        "create",
        "configmap",
        "ledger-program",
        "-n",
        story.namespace(),
        "--from-file=" + FOLDER.resolve("ledger.py"));
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        FOLDER.resolve("ledger.yaml").toString());
    story.instance("ledger").awaitReady();
    Ledger ledger = new Ledger(story);
    ledger.awaitMore();
    return ledger;
  }

  /** Waits until more rows are kept than at this moment, by a pod that lives. */
  void awaitMore() {
    long before = tryCheck().path("kept").asLong();
    await("more rows of the ledger")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> tryCheck().path("kept").asLong() > before);
  }

  /**
   * Books and database agree: what was acknowledged is stored, what is stored was sent, each
   * client's rows are in order, and the old file got nothing after the fence.
   *
   * @param type the engine that must hold the rows, as in the binding
   * @return the totals
   */
  JsonNode agrees(String type) {
    JsonNode totals = read(check());
    System.out.println("-- ledger: " + totals);
    assertThat(totals.path("type").asText()).isEqualTo(type);
    assertThat(totals.path("problems")).as("books and database").isEmpty();
    assertThat(totals.path("kept").asLong()).isPositive();
    return totals;
  }

  String pod() {
    return story.pods().awaitReadyOf("ledger").getMetadata().getName();
  }

  private String check() {
    return story.pods().exec(pod(), "python3", "/ledger/ledger.py", "check");
  }

  /** Nothing where the pod or its database cannot answer at the moment. */
  private JsonNode tryCheck() {
    return story.pods().of("ledger").stream()
        .map(pod ->
            Shell.attempt(
                "kubectl",
                "exec",
                "-n",
                story.namespace(),
                pod.getMetadata().getName(),
                "--",
                "python3",
                "/ledger/ledger.py",
                "check"))
        .filter(result -> result.code() == 0)
        .map(result -> read(result.output()))
        .findFirst()
        .orElse(JSON.createObjectNode());
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(json, e);
    }
  }
}
