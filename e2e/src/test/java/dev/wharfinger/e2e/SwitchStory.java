package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** A running application's database moves, while its users keep writing. */
@Isolated("its seconds are measured")
class SwitchStory {
  @RegisterExtension static final Story story = new Story("switch", 1);

  @Test
  void runningApplicationMovesWithAllItsData() {
    List<JsonNode> filled = Budget.startFilled(story);
    Prober users = Prober.start(story);
    Migration migration = story.migration("budget");

    story.instance("budget").backend("PostgreSQL");
    migration.awaitPhase(MigrationPhase.COPYING);
    Optional<VolumeFile> source = VolumeFile.of(story, "budget-data", "budget.db");
    Optional<String> whenFenced = source.map(VolumeFile::sha256);

    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("budget").awaitReady();
    users.awaitAnotherKept();
    users.stop();
    assertThat(story.instance("budget").binding()).containsEntry("type", "postgresql");
    assertThat(source.map(VolumeFile::sha256)).isEqualTo(whenFenced);
    Figures.seconds("switch, longest time without a write, as users see it", users.longestGap());
    Figures.note("switch, write stop as the operator tells it", migration.writeStop());
    Figures.note("operator, memory after a switch", story.operator().memory());
    try (Budget app = Budget.open(story)) {
      assertThat(app.everything()).containsAll(filled);
      assertThat(app.bills()).as("every acknowledged write").containsAll(users.kept());
      int bills = app.bills().size();
      app.bill("Ice cream", "6.40");
      assertThat(app.bills()).hasSize(bills + 1).contains("Ice cream");
    }
    assertThat(
            story
                .client()
                .persistentVolumeClaims()
                .inNamespace(story.namespace())
                .withName("budget-data")
                .get())
        .as("the old volume is kept")
        .isNotNull();
  }
}
