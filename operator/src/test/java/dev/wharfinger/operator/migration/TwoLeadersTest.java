package dev.wharfinger.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.migration.Consumer.Holder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one of two operators sees of the other's work, a moment late. */
class TwoLeadersTest {

  @Test
  void T17_aPodMadeInTheSecondOfTheFlipIsNotStoppedAgain() {
    World w = World.flipped();
    w.switchedAt = World.NOW.plusMillis(25);
    w.now = World.NOW.plusMillis(900);
    w.consumers.clear();
    w.consumers.add(World.consumer("app", "2", false, Holder.NOBODY));
    w.pods.add(new ForeignPod("app-2", World.NOW, true, "Deployment/app"));

    assertThat(w.next().actions()).hasOnlyElementsOfType(Action.Annotate.class);
  }

  @Test
  void T17_consumersThatAreStoppedOnceMoreComeBackOnceMore() {
    World w = World.unlocked();
    Consumer stopped = World.consumer("app", "0", true, Holder.US);
    w.consumers.clear();
    w.consumers.add(stopped);

    MigrationState state = w.next();
    assertThat(state.phase()).isEqualTo(MigrationPhase.SWITCHED);
    assertThat(state.actions()).containsExactly(new Action.ReturnConsumers(List.of(stopped)));
  }
}
