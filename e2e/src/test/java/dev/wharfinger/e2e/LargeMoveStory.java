package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many rows go over in chunks, through the loss of their pod, and those that do not fit are kept
 * aside.
 */
class LargeMoveStory {
  @RegisterExtension static final Story story = new Story("large", 1);

  private static final int MANY = 600_000;

  @Test
  void T27_aMoveInChunksGoesOnInAnotherPodAndKeepsAsideWhatDoesNotFit() {
    List<JsonNode> filled = Budget.startFilled(story);
    Budget.sqlite(
        story,
        "INSERT INTO \"transaction\" (id, issued_at)"
            + " WITH RECURSIVE n(i) AS (SELECT 1000001 UNION ALL SELECT i + 1 FROM n LIMIT %d)"
                .formatted(MANY)
            + " SELECT i, '2026-08-01 10:00:00.000000' FROM n");
    // As no version of the application writes them, but old files and scripts do.
    Budget.sqlite(
        story, "INSERT INTO \"transaction\" (id, issued_at) VALUES (2000001, 'last summer')");
    Budget.sqlite(story, "INSERT INTO billowers (bill_id, person_id) VALUES (999999, 1)");
    Shell.run(
        "kubectl",
        "patch",
        "si/budget",
        "-n",
        story.namespace(),
        "--type=merge",
        "--patch",
        "{\"spec\":{\"migration\":{\"large\":\"always\",\"policies\":["
            + "{\"kind\":\"quarantine\",\"table\":\"transaction\",\"choice\":\"rows\"},"
            + "{\"kind\":\"orphans\",\"table\":\"billowers\",\"choice\":\"quarantine\"}]}}}");

    Migration migration = Budget.beginSwitch(story);
    System.out.println("killed at " + migration.awaitRowsFlowing());
    Pod mover = story.pods().ofJob(migration.existing().getMetadata().getName() + "-transfer");
    story.pods().delete(mover.getMetadata().getName());

    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.DONE);
    Budget.endsDoneWith(filled, migration, story);
    assertThat(postgresql("SELECT count(*) FROM transaction WHERE id BETWEEN 1000001 AND 1600000"))
        .isEqualTo(Integer.toString(MANY));
    assertThat(
            postgresql(
                "SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM wharfinger.quarantine"))
        .isEqualTo("billowers transaction");
    assertThat(
            postgresql(
                "SELECT convert_from(bytes, 'UTF8') FROM wharfinger.quarantine_cell"
                    + " WHERE table_name = 'transaction' AND column_name = 'issued_at'"))
        .isEqualTo("last summer");
    assertThat(postgresql("SELECT count(*) FROM wharfinger.ledger"))
        .as("the table of moves in chunks, and none that is unfinished")
        .isEqualTo("0");
  }

  private static String postgresql(String query) {
    return Budget.python(
        story,
        "import os, sqlalchemy as s;"
            + " print(s.create_engine(os.environ['DATABASE_URL']).connect().execute(s.text("
            + "\"\"\"%s\"\"\")).scalar())".formatted(query));
  }
}
