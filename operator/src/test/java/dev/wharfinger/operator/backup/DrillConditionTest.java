package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@code RestoreProven} says, and when it changes by itself. */
class DrillConditionTest {
  private static final Instant BEGAN = Instant.parse("2026-11-08T03:37:00Z");
  private static final DrillPolicy POLICY =
      new DrillPolicy(
          Schedule.of("@weekly", null),
          false,
          Duration.ZERO,
          Duration.ofDays(15),
          null,
          null,
          "identity");
  private static final Instant OLD = BEGAN.plus(Duration.ofDays(15)).plusSeconds(1);

  @Test
  void nothingIsKnownBeforeTheFirstAndThatIsBadOnceThereIsSomethingToTry() {
    assertThat(of(null, null, List.of(), null, OLD))
        .returns("Unknown", Condition::getStatus)
        .returns("NeverDrilled", Condition::getReason);
    assertThat(of(null, null, List.of(BEGAN), "Job x is at work", BEGAN))
        .returns("Unknown", Condition::getStatus)
        .returns(true, c -> c.getMessage().endsWith("; one is due: Job x is at work"));
    assertThat(of(null, null, List.of(OLD, BEGAN), null, OLD))
        .returns("False", Condition::getStatus)
        .returns("NeverDrilled", Condition::getReason);
    assertThat(DrillCondition.changes(POLICY, null, List.of(OLD, BEGAN), BEGAN)).isEqualTo(OLD);
    assertThat(DrillCondition.changes(POLICY, null, List.of(), BEGAN)).isNull();
  }

  @Test
  void whatWasProvenGetsOld() {
    DrillRecord proven = drilled(DrillResult.PROVEN, null, "");
    assertThat(of(proven, null, List.of(), "a move", OLD.minusSeconds(1)))
        .returns("True", Condition::getStatus)
        .returns("Proven", Condition::getReason)
        .returns(false, c -> c.getMessage().contains("a move"));
    assertThat(DrillCondition.changes(POLICY, proven, List.of(), BEGAN)).isEqualTo(OLD);
    assertThat(of(proven, null, List.of(), null, OLD))
        .returns("False", Condition::getStatus)
        .returns("DrillOld", Condition::getReason)
        .returns(true, c -> c.getMessage().contains("notes-1"));
    assertThat(DrillCondition.changes(POLICY, proven, List.of(), OLD)).isNull();
  }

  @Test
  void aSetThatWasNotProvenIsNamedWithTheReason() {
    DrillRecord failed = drilled(DrillResult.FAILED, "set-damaged", "an object is not as written");
    assertThat(of(failed, null, List.of(), null, BEGAN))
        .returns("False", Condition::getStatus)
        .returns("DrillFailed", Condition::getReason)
        .returns(
            true,
            c -> c.getMessage().contains("notes-1") && c.getMessage().contains("set-damaged: an"));
  }

  @Test
  void whereTheNewestSetCannotBeTriedNothingIsKnownOfIt() {
    assertThat(of(drilled(DrillResult.PROVEN, null, ""), "no key", List.of(), null, BEGAN))
        .returns("Unknown", Condition::getStatus)
        .returns("DrillImpossible", Condition::getReason)
        .returns("no key", Condition::getMessage);
  }

  @Test
  void aScheduleThatCannotBeFollowedIsSaidByItsField() {
    assertThat(DrillCondition.of(new ScheduleException("schedule", "never")))
        .returns("ScheduleInvalid", Condition::getReason)
        .returns("spec.backup.drill.schedule: never", Condition::getMessage);
    assertThat(DrillCondition.of(new ScheduleException("timeZone", "nowhere")).getMessage())
        .isEqualTo("spec.backup.timeZone: nowhere");
  }

  private static Condition of(
      @Nullable DrillRecord last,
      @Nullable String impossible,
      List<Instant> completed,
      @Nullable String waiting,
      Instant now) {
    return DrillCondition.of(POLICY, last, impossible, completed, waiting, now);
  }

  private static DrillRecord drilled(String outcome, @Nullable String reason, String message) {
    return new DrillRecord(
        "notes-1",
        new DrillResult("uid", BEGAN.toString(), null, 4L, 60L, outcome, reason, message));
  }
}
