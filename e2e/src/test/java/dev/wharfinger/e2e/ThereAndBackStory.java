package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real application moves to PostgreSQL, works there, and moves back with what it did there. */
class ThereAndBackStory {
  @RegisterExtension static final Story story = new Story("there-and-back", 1);

  @Test
  void applicationTakesItsWorkBackToSqlite() {
    List<JsonNode> filled = Budget.startFilled(story);
    Budget.endsDoneWith(filled, Budget.beginSwitch(story), story);
    List<JsonNode> there = Budget.read(story);
    assertThat(there).hasSizeGreaterThan(filled.size());

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
    Figures.note("switch back, write stop as the operator tells it", back.writeStop());
  }
}
