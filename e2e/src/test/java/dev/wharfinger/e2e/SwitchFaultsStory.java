package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens during a switch, it ends as designed and no data is lost. */
class SwitchFaultsStory {
  @RegisterExtension static final Story story = new Story("faults", 11);

  @ParameterizedTest
  @EnumSource(names = {"PREFLIGHT", "FENCED", "COPYING", "COMMITTED", "SWITCHED"})
  void operatorKilled(MigrationPhase phase) {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = begin();
    System.out.println("killed at " + migration.awaitPhase(phase).value());
    story.operator().kill();

    endsDoneWith(filled, migration);
  }

  @Test
  void statusWipedAtEveryPhase() {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = begin();
    for (MigrationPhase phase :
        List.of(MigrationPhase.PREFLIGHT, MigrationPhase.FENCED, MigrationPhase.COPYING)) {
      migration.awaitPhase(phase);
      migration.wipeStatus();
    }

    endsDoneWith(filled, migration);
    migration.wipeStatus();
    await("the status of an ended move told again")
        .atMost(Duration.ofMinutes(1))
        .until(() -> migration.phase() == MigrationPhase.DONE);
  }

  @Test
  void consumersScaledUpBySomebodyElseDuringTheFence() {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = begin();
    migration.awaitPhase(MigrationPhase.FENCED);
    scale(2);
    migration.awaitPhase(MigrationPhase.COPYING);
    scale(1);

    endsDoneWith(filled, migration);
  }

  @Test
  void postgresqlKilledDuringTheCopy() {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = begin();
    migration.awaitPhase(MigrationPhase.COPYING);
    story.pods().delete("budget-postgresql-0");

    endsDoneWith(filled, migration);
  }

  @Test
  void refusedValueLeavesTheApplicationOnSqlite() {
    Budget.startFilled(story);
    String pod = story.pods().awaitReadyOf("budget").getMetadata().getName();
    story
        .pods()
        .exec(
            pod,
            "python3",
            "-c",
            "import sqlite3; c = sqlite3.connect('/data/budget.db');"
                + " c.execute(\"UPDATE bill SET amount = 'twelve' WHERE id = 1\"); c.commit()");

    Migration migration = begin();

    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.FAILED);
    assertThat(migration.messages()).contains("bill").contains("amount");
    assertThat(story.instance("budget").awaitMessage("Stalled", m -> m.contains("amount")))
        .contains("bill");
    stillOnSqlite();
    try (Budget app = Budget.open(story)) {
      app.bill("Life goes on", "1");
    }
  }

  @Test
  void specFlippedBackBeforeTheCommit() {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = begin();
    migration.awaitPhase(MigrationPhase.FENCED);
    story.instance("budget").backend("SQLite");

    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.ROLLED_BACK);
    story.instance("budget").awaitReady();
    stillOnSqlite();
    assertThat(Budget.read(story)).isEqualTo(filled);
  }

  @Test
  void dryRunTouchesNothing() {
    Budget.startFilled(story);
    String pod = story.pods().awaitReadyOf("budget").getMetadata().getUid();
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageMigration
            metadata: {name: rehearsal}
            spec: {instanceRef: {name: budget}, from: SQLite, to: PostgreSQL, dryRun: true}
            """));
    Migration migration = story.migration("budget");

    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.PLANNED);
    String report = migration.awaitReport();
    assertThat(
            story
                .client()
                .configMaps()
                .inNamespace(story.namespace())
                .withName(report)
                .get()
                .getData())
        .hasEntrySatisfying("report.json", json -> assertThat(json).contains("bill"));
    stillOnSqlite();
    assertThat(story.pods().awaitReadyOf("budget").getMetadata().getUid()).isEqualTo(pod);
  }

  private static Migration begin() {
    story.instance("budget").backend("PostgreSQL");
    return story.migration("budget");
  }

  private static void endsDoneWith(List<JsonNode> filled, Migration migration) {
    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("budget").awaitReady();
    assertThat(story.instance("budget").binding()).containsEntry("type", "postgresql");
    try (Budget app = Budget.open(story)) {
      assertThat(app.everything()).isEqualTo(filled);
      app.bill("Afterwards", "1");
    }
  }

  private static void stillOnSqlite() {
    assertThat(story.instance("budget").binding()).containsEntry("type", "sqlite");
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
