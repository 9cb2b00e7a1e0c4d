package dev.wharfinger.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Clock MORNING = clock("2026-01-02T03:04:05.678Z");
  private static final Clock EVENING = clock("2026-01-02T20:00:00Z");

  private static Clock clock(String instant) {
    return Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
  }

  @Test
  void theFirstTimeIsNowToTheSecond() {
    assertThat(Conditions.merge(null, Conditions.ready("Ready", "m"), 3L, MORNING))
        .hasSize(3)
        .allSatisfy(c -> assertThat(c.getLastTransitionTime()).isEqualTo("2026-01-02T03:04:05Z"))
        .allSatisfy(c -> assertThat(c.getObservedGeneration()).isEqualTo(3));
  }

  @Test
  void onlyAFlipMovesTheTime() {
    List<Condition> before =
        Conditions.merge(null, Conditions.reconciling("Starting", "m"), 1L, MORNING);
    List<Condition> after =
        Conditions.merge(before, Conditions.stalled("NameConflict", "n"), 2L, EVENING);
    assertThat(time(after, Conditions.READY)).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(time(after, Conditions.RECONCILING)).isEqualTo("2026-01-02T20:00:00Z");
    assertThat(time(after, Conditions.STALLED)).isEqualTo("2026-01-02T20:00:00Z");
    assertThat(Conditions.find(after, Conditions.READY))
        .returns("NameConflict", c -> c.getReason())
        .returns("n", c -> c.getMessage());
  }

  @Test
  void nothingNewIsEqual() {
    List<Condition> before = Conditions.merge(null, Conditions.ready("Ready", "m"), 1L, MORNING);
    assertThat(Conditions.merge(before, Conditions.ready("Ready", "m"), 1L, EVENING))
        .isEqualTo(before);
  }

  @Test
  void conditionsOfOthersAreNotCarriedAndWipedOnesBeginAgain() {
    assertThat(Conditions.merge(List.of(), Conditions.ready("Ready", "m"), 1L, EVENING))
        .extracting(Condition::getType)
        .containsExactly("Ready", "Reconciling", "Stalled");
  }

  private static String time(List<Condition> conditions, String type) {
    Condition condition = Conditions.find(conditions, type);
    return condition == null ? "" : condition.getLastTransitionTime();
  }
}
