package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A real application moves to PostgreSQL, works there, and moves back with what it did there. A
 * second file of its own stays where it is, and is the application's on both backends.
 */
class ThereAndBackStory {
  private static final String SEVERAL_FILES =
      """
      {"spec": {
        "sqlite": {
          "databases": ["budget.db", "notes.db"],
          "optionalDatabases": ["notes.db"],
          "unmovedDatabases": ["notes.db"]},
        "pool": {"connectTimeout": "10s"},
        "binding": {"env": {"NOTES": "{db.notes.path}"}}}}
      """;

  @RegisterExtension static final Story story = new Story("there-and-back", 1);

  @Test
  void applicationTakesItsWorkBackToSqlite() {
    declareSeveralFiles();
    List<JsonNode> filled = Budget.startFilled(story);
    note("on SQLite");
    Budget.endsDoneWith(filled, Budget.beginSwitch(story), story);
    List<JsonNode> there = Budget.read(story);
    assertThat(there).hasSizeGreaterThan(filled.size());
    assertThat(Budget.python(story, "import os; print(os.environ['PGCONNECT_TIMEOUT'])").strip())
        .isEqualTo("10");
    note("on PostgreSQL");

    story.instance("budget").backend("SQLite");
    Migration back = story.migration("budget");
    assertThat(back.awaitEndTo(Backend.SQLITE)).as(back::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("budget").awaitReady();

    assertThat(story.instance("budget").binding()).containsEntry("type", "sqlite");
    try (Budget app = Budget.open(story)) {
      assertThat(app.everything()).isEqualTo(there);
      app.bill("Home again", "3.50");
      assertThat(app.bills()).contains("Afterwards", "Home again");
    }
    assertThat(note("home again").lines())
        .containsExactly("on SQLite", "on PostgreSQL", "home again");
    Figures.note("switch back, write stop as the operator tells it", back.writeStop());
  }

  /** The instance says its files before there is an application, whose pods so know them all. */
  private static void declareSeveralFiles() {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Shell.TOP.resolve("examples/switch/storageinstance.yaml").toString());
    story.instance("budget").patch(SEVERAL_FILES);
    await("the binding names the second file")
        .ignoreExceptions()
        .atMost(Duration.ofMinutes(1))
        .until(() -> story.instance("budget").binding().containsKey("NOTES"));
  }

  /** The application writes a line to its second file, and gives all that it wrote there. */
  private static String note(String line) {
    return Budget.python(
        story,
        "import os, sqlite3; c = sqlite3.connect(os.environ['NOTES']);"
            + " c.execute('CREATE TABLE IF NOT EXISTS note (line TEXT)');"
            + " c.execute('INSERT INTO note VALUES (?)', ('%s',)); c.commit();".formatted(line)
            + " print('\\n'.join(r[0] for r in c.execute('SELECT line FROM note ORDER BY rowid')))");
  }
}
