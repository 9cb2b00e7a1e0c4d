package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A real application goes back to the file of before, once somebody has said that rows are lost.
 */
class RollbackStory {
  @RegisterExtension static final Story story = new Story("rollback", 1);

  private static final Pattern COMMAND = Pattern.compile("(kubectl annotate [^;]*);");

  @Test
  void applicationGoesBackToTheFileOfBefore() {
    List<JsonNode> filled = Budget.startFilled(story);
    Budget.endsDoneWith(filled, Budget.beginSwitch(story), story);
    String pod = story.pods().awaitReadyOf("budget").getMetadata().getUid();

    Shell.run(
        "kubectl",
        "patch",
        "si/budget",
        "-n",
        story.namespace(),
        "--type=merge",
        "--patch",
        "{\"spec\":{\"backend\":\"SQLite\",\"migration\":{\"back\":\"rollback\"}}}");
    String asked = story.instance("budget").awaitMessage("Stalled", m -> m.contains("accept-loss"));
    // The bill, and who owes a share of it: what was written since.
    assertThat(asked).contains("rows only in PostgreSQL [", "bill 1", "0 rows only in the file");
    assertThat(story.pods().awaitReadyOf("budget").getMetadata().getUid()).isEqualTo(pod);
    try (Budget app = Budget.open(story)) {
      app.bill("While it is asked", "2");
    }
    assertThat(story.instance("budget").binding()).containsEntry("type", "postgresql");

    Matcher command = COMMAND.matcher(asked);
    assertThat(command.find()).as(asked).isTrue();
    Shell.run(command.group(1).split(" "));
    Migration back = story.migration("budget");
    assertThat(back.awaitEndTo(Backend.SQLITE)).as(back::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("budget").awaitReady();

    assertThat(story.instance("budget").binding()).containsEntry("type", "sqlite");
    try (Budget app = Budget.open(story)) {
      assertThat(app.everything()).isEqualTo(filled);
      app.bill("Home again", "3.50");
      assertThat(app.bills()).contains("Home again").doesNotContain("Afterwards");
    }
    retainsPostgresql();
    Figures.note("rollback, write stop as the operator tells it", back.writeStop());
  }

  private static void retainsPostgresql() {
    var claim =
        Objects.requireNonNull(
            story
                .client()
                .persistentVolumeClaims()
                .inNamespace(story.namespace())
                .withName("data-budget-postgresql-0")
                .get());
    assertThat(claim.getMetadata().getAnnotations()).containsKey("wharfinger.dev/superseded");
    assertThat(claim.getMetadata().getDeletionTimestamp()).isNull();
  }
}
