package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A switch that is not to be leaves the application on SQLite, with its file as it was. */
class SwitchBackStory {
  @RegisterExtension static final Story story = new Story("back", 5);

  /** What the target refuses: the application declared the column as a number. */
  private static final String REFUSED = "UPDATE bill SET amount = 'twelve' WHERE id = 1";

  @Test
  void valueRefusedBeforeTheFenceLeavesTheApplicationRunning() {
    Budget.startFilled(story);
    String pod = story.pods().awaitReadyOf("budget").getMetadata().getUid();
    Budget.sqlite(story, REFUSED);

    endsRefused(Budget.beginSwitch(story));

    assertThat(story.pods().awaitReadyOf("budget").getMetadata().getUid()).isEqualTo(pod);
  }

  @Test
  void valueRefusedInTheCopyBringsTheApplicationBackToAnUntouchedFile() {
    Budget.startFilled(story);
    // Written on the way down, after the preflight has found nothing.
    story.patch(
        "deployment/budget",
        """
        {"spec": {"template": {"spec": {"containers": [{"name": "ihatemoney", "lifecycle": {
          "preStop": {"exec": {"command": ["python3", "-c", "%s"]}}}}]}}}}
        """
            .formatted(Budget.script(REFUSED).replace("\"", "\\\"")));
    Shell.run("kubectl", "rollout", "status", "deployment/budget", "-n", story.namespace());

    Migration migration = Budget.beginSwitch(story);
    migration.awaitPhase(MigrationPhase.COPYING);
    Optional<VolumeFile> source = VolumeFile.of(story, "budget-data", "budget.db");
    Optional<String> whenFenced = source.map(VolumeFile::sha256);

    endsRefused(migration);
    assertThat(source.map(VolumeFile::sha256)).isEqualTo(whenFenced);
  }

  @Test
  void specFlippedBackBeforeTheCommit() {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = Budget.beginSwitch(story);
    migration.awaitPhase(MigrationPhase.FENCED);
    story.instance("budget").backend("SQLite");

    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.ROLLED_BACK);
    story.instance("budget").awaitReady();
    stillOnSqlite();
    assertThat(Budget.read(story)).isEqualTo(filled);
  }

  @Test
  void whatTheToolSaysIsTheReason() {
    Budget.startFilled(story);

    schemaCommandFails("[\"no-such-tool\"]", "CommandNotFound");
    // Alembic itself: the application's own command ends without a word of what was wrong.
    schemaCommandFails(
        "[\"sh\", \"-c\", \"cd /tmp && alembic init migrations && alembic show no-such-revision\"]",
        "SchemaRevisionUnknown");
  }

  private static void schemaCommandFails(String command, String reason) {
    story
        .instance("budget")
        .patch(
            "{\"spec\": {\"schemaMigrations\": {\"command\": {\"command\": %s}}}}"
                .formatted(command));
    Migration migration = Budget.beginSwitch(story);

    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.FAILED);
    assertThat(migration.messages()).contains(reason).contains("no-such-");
    stillOnSqlite();
    // First the way back: a move that is deleted while the spec still asks for it is made anew.
    story.instance("budget").backend("SQLite");
    story.instance("budget").awaitReady();
    Shell.run(
        "kubectl",
        "delete",
        "storagemigration",
        migration.existing().getMetadata().getName(),
        "-n",
        story.namespace());
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

  private static void endsRefused(Migration migration) {
    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.FAILED);
    assertThat(migration.messages()).contains("bill").contains("amount");
    assertThat(story.instance("budget").awaitMessage("Stalled", m -> m.contains("amount")))
        .contains("bill");
    stillOnSqlite();
    assertThat(Budget.read(story)).isNotEmpty();
  }

  private static void stillOnSqlite() {
    assertThat(story.instance("budget").binding()).containsEntry("type", "sqlite");
  }
}
