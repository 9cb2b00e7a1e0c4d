package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** The node loses its power: everything on it is gone at once and boots again by itself. */
@Isolated("it ends every process of the cluster")
class NodeCrashStory {
  @RegisterExtension static final Story story = new Story("crash", 1);

  /** Crashes while the application is at work, on each engine; more of them when all is run. */
  private static final int CRASHES = Integer.getInteger("stories.crashes", 1);

  @Test
  void T22_acknowledgedRowsSurviveCrashesOfTheNode() {
    assumeTrue(Node.ours().isPresent(), "only a node of our own is crashed");
    Node node = Node.ours().orElseThrow();
    long seed = Long.getLong("stories.seed", System.currentTimeMillis() % 100_000);
    System.out.println("-- crashes in the order of -Dstories.seed=" + seed);
    Random random = new Random(seed);
    Ledger ledger = Ledger.start(story);

    for (int i = 0; i < CRASHES; i++) {
      reboot(node, random);
      ledger.awaitMore();
      ledger.agrees("sqlite");
    }

    Migration migration = story.migration("ledger");
    story.instance("ledger").backend("PostgreSQL");
    migration.awaitPhase(MigrationPhase.FENCED);
    reboot(node, random);
    assertThat(migration.awaitEnd()).as(migration::messages).isEqualTo(MigrationPhase.DONE);
    story.instance("ledger").awaitReady();
    ledger.awaitMore();
    ledger.agrees("postgresql");

    JsonNode totals = null;
    for (int i = 0; i < CRASHES; i++) {
      reboot(node, random);
      ledger.awaitMore();
      totals = ledger.agrees("postgresql");
    }
    Figures.note(
        "ledger after %d crashes of the node, rows kept".formatted(2 * CRASHES + 1),
        String.valueOf(totals == null ? 0 : totals.path("kept").asLong()));
  }

  /** What is said while the API server is away is expected. */
  private static void reboot(Node node, Random random) {
    story.readLogSince(node.reboot(random.nextInt(100_000)));
  }
}
