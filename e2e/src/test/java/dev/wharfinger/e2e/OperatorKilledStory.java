package dev.wharfinger.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator killed in the middle of a switch goes on where it was. */
class OperatorKilledStory {
  @RegisterExtension static final Story story = new Story("killed", 5);

  @ParameterizedTest
  @EnumSource(names = {"PREFLIGHT", "FENCED", "COPYING", "COMMITTED", "SWITCHED"})
  void operatorKilled(MigrationPhase phase) {
    List<JsonNode> filled = Budget.startFilled(story);

    Migration migration = Budget.beginSwitch(story);
    System.out.println("killed at " + migration.awaitPhase(phase).value());
    story.operator().kill();

    Budget.endsDoneWith(filled, migration, story);
  }
}
