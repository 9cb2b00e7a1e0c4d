package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No row that an application was told is stored is ever lost, whoever is killed. */
class LedgerStory {
  @RegisterExtension static final Story story = new Story("ledger", 1);

  @Test
  void T21_T30_acknowledgedRowsSurviveKillsAndBothSwitches() {
    Ledger ledger = Ledger.start(story);

    Shell.run("kubectl", "delete", "pod", ledger.pod(), "-n", story.namespace());
    ledger.awaitMore();
    story.pods().delete(ledger.pod());
    ledger.awaitMore();
    ledger.agrees("sqlite");

    Migration migration = story.migration("ledger");
    story.instance("ledger").backend("PostgreSQL");
    migration.awaitPhase(MigrationPhase.COPYING);
    story.operator().kill();
    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("ledger").awaitReady();
    ledger.awaitMore();

    story.pods().delete("ledger-postgresql-0");
    story.pods().delete(ledger.pod());
    ledger.awaitMore();
    ledger.agrees("postgresql");

    story.instance("ledger").backend("SQLite");
    assertThat(migration.awaitEndTo(Backend.SQLITE))
        .as(migration::messages)
        .isEqualTo(MigrationPhase.DONE);
    story.instance("ledger").awaitReady();
    ledger.awaitMore();
    JsonNode totals = ledger.agrees("sqlite");
    Figures.note("ledger, rows acknowledged and stored", totals.path("kept").asText());
  }
}
