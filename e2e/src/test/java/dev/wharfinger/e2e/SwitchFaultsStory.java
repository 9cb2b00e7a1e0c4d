package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever happens during a switch, it ends as designed and no data is lost. */
class SwitchFaultsStory {
  @RegisterExtension static final Story story = new Story("faults", 3);

  private static final int MANY = 600_000;

  @Test
  void statusWipedAtEveryPhase() {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = Budget.beginSwitch(story);
    for (MigrationPhase phase :
        List.of(MigrationPhase.PREFLIGHT, MigrationPhase.FENCED, MigrationPhase.COPYING)) {
      migration.awaitPhase(phase);
      migration.wipeStatus();
    }

    Budget.endsDoneWith(filled, migration, story);
    migration.wipeStatus();
    await("the status of an ended move told again")
        .atMost(Duration.ofMinutes(1))
        .until(() -> migration.phase() == MigrationPhase.DONE);
  }

  @Test
  void consumersScaledUpBySomebodyElseDuringTheFence() {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = Budget.beginSwitch(story);
    migration.awaitPhase(MigrationPhase.FENCED);
    scale(2);
    migration.awaitPhase(MigrationPhase.COPYING);
    scale(1);

    Budget.endsDoneWith(filled, migration, story);
  }

  @Test
  void postgresqlKilledWhileRowsFlow() {
    List<JsonNode> filled = Budget.startFilled(story);
    // A table that the application's interface does not list.
    Budget.sqlite(
        story,
        "INSERT INTO \"transaction\" (id, issued_at)"
            + " WITH RECURSIVE n(i) AS (SELECT 1000001 UNION ALL SELECT i + 1 FROM n LIMIT %d)"
                .formatted(MANY)
            + " SELECT i, '2026-08-01 10:00:00.000000' FROM n");

    Migration migration = Budget.beginSwitch(story);
    System.out.println("killed at " + migration.awaitRowsFlowing());
    story.pods().delete("budget-postgresql-0");

    Budget.endsDoneWith(filled, migration, story);
    assertThat(
            Budget.python(
                story,
                "import os, sqlalchemy as s;"
                    + " print(s.create_engine(os.environ['DATABASE_URL']).connect().execute(s.text("
                    + "'SELECT count(*) FROM transaction WHERE id BETWEEN 1000001 AND 1600000')).scalar())"))
        .isEqualTo(Integer.toString(MANY));
  }

  private static void scale(int replicas) {
    Shell.run(
        "kubectl",
        "scale",
        "deployment",
        "budget",
        "-n",
        story.namespace(),
        "--replicas=" + replicas);
  }
}
