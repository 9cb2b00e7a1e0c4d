package dev.wharfinger.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/** The application of {@code examples/switch}, used through its HTTP interface. */
final class Budget implements AutoCloseable {
  static final String PROJECT = "holiday";
  static final String PASSWORD = "secret";

  private static final String PROJECTS = "/api/projects";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Tunnel tunnel;

  private Budget(Tunnel tunnel) {
    this.tunnel = tunnel;
  }

  /** Waits until the application answers. */
  static Budget open(Story story) {
    return new Budget(new Tunnel(story.client(), story.pods().awaitReadyOf("budget"), 8000));
  }

  /** Starts the application on SQLite and gives it something to remember. */
  static List<JsonNode> startFilled(Story story) {
    story.apply("switch");
    story.instance("budget").awaitReady();
    try (Budget app = open(story)) {
      app.fill();
      return app.everything();
    }
  }

  /** Changes the one field, and gives the move that this begins. */
  static Migration beginSwitch(Story story) {
    story.instance("budget").backend("PostgreSQL");
    return story.migration("budget");
  }

  /** The move ends as it should, and the application has what it had and takes more. */
  static void endsDoneWith(List<JsonNode> filled, Migration migration, Story story) {
    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("budget").awaitReady();
    assertThat(story.instance("budget").binding()).containsEntry("type", "postgresql");
    try (Budget app = open(story)) {
      assertThat(app.everything()).isEqualTo(filled);
      app.bill("Afterwards", "1");
    }
  }

  /** What the application has now. */
  static List<JsonNode> read(Story story) {
    try (Budget app = open(story)) {
      return app.everything();
    }
  }

  /** Runs a statement on the application's file, as another program in its pod. */
  static void sqlite(Story story, String statement) {
    python(story, script(statement));
  }

  /** A Python program of one line that runs a statement on the application's file. */
  static String script(String statement) {
    return "import sqlite3; c = sqlite3.connect('/data/budget.db'); c.execute("
        + "'''%s'''); c.commit()".formatted(statement);
  }

  /** Runs a Python program in the application's pod and gives what it prints. */
  static String python(Story story, String script) {
    String pod = story.pods().awaitReadyOf("budget").getMetadata().getName();
    return story.pods().exec(pod, "python3", "-c", script);
  }

  void fill() {
    tunnel.call(
        PROJECTS,
        FORM,
        form(
            "id",
            PROJECT,
            "name",
            "Summer holiday",
            "password",
            PASSWORD,
            "contact_email",
            "story@example.com",
            "default_currency",
            "XXX"),
        null);
    post("members", "name", "Zoë");
    post("members", "name", "Émile");
    bill("Train to the sea", "84.50");
    bill("Crêpes for two ☕", "17.25");
    bill("Boat", "40");
    bill("0.1 + 0.2, as a double", "0.30000000000000004");
  }

  void bill(String what, String amount) {
    post(
        "bills",
        "date",
        "2026-08-01",
        "what",
        what,
        "payer",
        "1",
        "payed_for",
        "1",
        "payed_for",
        "2",
        "amount",
        amount,
        "original_currency",
        "XXX");
  }

  /** Members and bills, every field of them, by their ids. */
  List<JsonNode> everything() {
    List<JsonNode> all = new ArrayList<>(list("members"));
    all.addAll(list("bills"));
    return all;
  }

  /** Texts of all bills. */
  List<String> bills() {
    return list("bills").stream().map(bill -> bill.get("what").asText()).toList();
  }

  private List<JsonNode> list(String what) {
    try {
      String answer =
          tunnel.call(PROJECTS + "/" + PROJECT + "/" + what, FORM, null, authorization());
      List<JsonNode> items = new ArrayList<>();
      JSON.readTree(answer).forEach(items::add);
      items.sort(Comparator.comparingLong(item -> item.get("id").asLong()));
      return items;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void post(String what, String... fields) {
    tunnel.call(PROJECTS + "/" + PROJECT + "/" + what, FORM, form(fields), authorization());
  }

  static String authorization() {
    return "Basic "
        + Base64.getEncoder().encodeToString((PROJECT + ":" + PASSWORD).getBytes(UTF_8));
  }

  private static String form(String... fields) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      pairs.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], UTF_8));
    }
    return String.join("&", pairs);
  }

  @Override
  public void close() {
    tunnel.close();
  }
}
