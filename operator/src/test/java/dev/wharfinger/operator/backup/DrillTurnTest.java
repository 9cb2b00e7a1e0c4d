package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a drill is due, computed from the last one alone. */
class DrillTurnTest {
  private static final Instant CREATED = Instant.parse("2026-11-03T12:00:00Z");
  private static final Instant SUNDAY = Instant.parse("2026-11-08T03:30:00Z");
  private static final Duration JITTER = Duration.ofMinutes(7);
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void theFirstIsDueAtTheFirstSlotAfterTheInstanceWasMade() {
    assertThat(turn(false, null, null, SUNDAY.plus(JITTER).minusMillis(1)))
        .isEqualTo(new DrillTurn(null, SUNDAY.plus(JITTER)));
    assertThat(turn(false, null, null, SUNDAY.plus(JITTER)))
        .isEqualTo(new DrillTurn("slot 20261108t033000z", SUNDAY.plus(WEEK).plus(JITTER)));
  }

  @Test
  void oneThatBeganStandsForAllSlotsUntilThenWhetherItProvedSomethingOrNot() {
    Instant began = SUNDAY.plus(JITTER);
    assertThat(turn(false, null, ended(began, null), began).ask()).isNull();
    Instant late = SUNDAY.plus(WEEK.multipliedBy(3)).plus(JITTER);
    assertThat(turn(false, null, ended(began, null), late).ask())
        .isEqualTo("slot 20261129t033000z");
    assertThat(turn(false, null, ended(late, null), late.plusSeconds(1)))
        .isEqualTo(new DrillTurn(null, late.plus(WEEK)));
  }

  @Test
  void whereTheRecordIsLostOneMoreIsMadeAndNoMore() {
    Instant now = SUNDAY.plus(Duration.ofDays(2));
    assertThat(turn(false, null, null, now).ask()).isEqualTo("slot 20261108t033000z");
    assertThat(turn(false, null, ended(now, null), now).ask()).isNull();
  }

  @Test
  void suspendedNoneIsDueButThoseThatAPersonAsksFor() {
    Instant now = SUNDAY.plus(Duration.ofDays(1));
    assertThat(turn(true, null, null, now)).isEqualTo(new DrillTurn(null, null));
    assertThat(turn(true, "abc", null, now)).isEqualTo(new DrillTurn("word abc", null));
  }

  @Test
  void aWordIsObeyedOnce() {
    Instant now = SUNDAY.plus(Duration.ofDays(1));
    DrillResult before = ended(now, "abc");
    assertThat(turn(false, "abc", before, now).ask()).isNull();
    assertThat(turn(false, null, before, now).ask()).isNull();
    assertThat(turn(false, "def", before, now).ask()).isEqualTo("word def");
    assertThat(turn(false, "abc", ended(now, null), now).ask()).isEqualTo("word abc");
  }

  private static DrillTurn turn(
      boolean suspended, @Nullable String word, @Nullable DrillResult last, Instant now) {
    Schedule schedule = Schedule.of("30 3 * * 0", null);
    return DrillTurn.of(
        new DrillPolicy(
            schedule, suspended, JITTER, BackupHealth.maxAge(schedule), null, null, "identity"),
        CREATED,
        word,
        last,
        now);
  }

  private static DrillResult ended(Instant at, @Nullable String word) {
    return new DrillResult("uid", at.toString(), word, null, null, DrillResult.FAILED, null, "m");
  }
}
