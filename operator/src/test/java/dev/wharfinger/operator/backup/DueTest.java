package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.backup.Due.Decision;
import dev.wharfinger.operator.backup.Due.Missed;
import dev.wharfinger.operator.backup.Due.Run;
import dev.wharfinger.operator.backup.Due.Wait;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which backup is due, told by what is kept and by the clock. */
class DueTest {
  private static final Instant CREATED = Instant.parse("2026-11-01T10:00:00Z");
  private static final Schedule NIGHTLY = Schedule.of("0 2 * * *", null);

  private Schedule schedule = NIGHTLY;
  private Duration jitter = Duration.ZERO;
  private @Nullable Duration deadline;
  private Anchor anchor = Anchor.of(null, NIGHTLY, false, null, CREATED);
  private @Nullable Instant lastSlot;
  private @Nullable Instant lastSuccess;

  @Test
  void PIP_19_aNightlyBackupRunsOnceANight() {
    assertThat(at("2026-11-01T12:00:00Z")).isEqualTo(waits("2026-11-02T02:00:00Z"));
    assertThat(at("2026-11-02T01:59:59Z")).isEqualTo(waits("2026-11-02T02:00:00Z"));
    assertThat(at("2026-11-02T02:00:00Z")).isEqualTo(runs("2026-11-02T02:00:00Z", false, 0));
    lastSlot = Instant.parse("2026-11-02T02:00:00Z");
    assertThat(at("2026-11-02T02:00:00Z")).isEqualTo(waits("2026-11-03T02:00:00Z"));
    assertThat(at("2026-11-02T02:00:01Z")).isEqualTo(waits("2026-11-03T02:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({"02:00:59, false", "02:01:00, true", "23:59:59, true"})
  void aMinuteLateIsLate(String time, boolean catchUp) {
    assertThat(at("2026-11-02T" + time + "Z")).isEqualTo(runs("2026-11-02T02:00:00Z", catchUp, 0));
  }

  /** The target was away for two weeks, or the operator was. */
  @Test
  void whatWasMissedIsCaughtUpOnceAndNamedAfterTheLatestSlot() {
    schedule = Schedule.of("*/5 * * * *", null);
    anchor = Anchor.of(null, schedule, false, null, CREATED);
    lastSlot = Instant.parse("2026-11-02T00:00:00Z");

    assertThat(at("2026-11-02T01:02:00Z")).isEqualTo(runs("2026-11-02T01:00:00Z", true, 11));
    assertThat(at("2026-11-16T00:02:00Z")).isEqualTo(runs("2026-11-16T00:00:00Z", true, 1000));
    lastSlot = Instant.parse("2026-11-16T00:00:00Z");
    assertThat(at("2026-11-16T00:02:00Z")).isEqualTo(waits("2026-11-16T00:05:00Z"));
  }

  @Test
  void afterItsDeadlineASlotIsNotedAndNotRun() {
    deadline = Duration.ofHours(2);
    lastSlot = Instant.parse("2026-11-02T02:00:00Z");

    assertThat(at("2026-11-05T04:00:00Z")).isEqualTo(runs("2026-11-05T02:00:00Z", true, 2));
    assertThat(at("2026-11-05T04:00:01Z"))
        .isEqualTo(new Missed(new Slot(Instant.parse("2026-11-05T02:00:00Z")), 3));
    lastSlot = Instant.parse("2026-11-05T02:00:00Z");
    assertThat(at("2026-11-05T04:00:01Z")).isEqualTo(waits("2026-11-06T02:00:00Z"));
  }

  @Test
  void jitterMovesTheBackupAndNeitherItsNameNorItsDeadline() {
    jitter = Duration.ofMinutes(7);
    deadline = Duration.ofMinutes(5);

    assertThat(at("2026-11-02T02:06:59Z")).isEqualTo(waits("2026-11-02T02:07:00Z"));
    assertThat(at("2026-11-02T02:07:00Z")).isEqualTo(runs("2026-11-02T02:00:00Z", false, 0));
    assertThat(at("2026-11-02T02:12:00Z")).isEqualTo(runs("2026-11-02T02:00:00Z", true, 0));
    assertThat(at("2026-11-02T02:12:01Z")).isInstanceOf(Missed.class);
  }

  @Test
  void anEditedScheduleOrZoneAsksForNothingOfBefore() {
    lastSlot = Instant.parse("2026-11-02T02:00:00Z");
    Instant edited = Instant.parse("2026-11-02T14:00:00Z");
    schedule = Schedule.of("0 12 * * *", null);
    anchor = Anchor.of(anchor, schedule, false, null, edited);
    assertThat(at("2026-11-02T14:00:00Z")).isEqualTo(waits("2026-11-03T12:00:00Z"));

    schedule = Schedule.of("0 12 * * *", "Pacific/Apia");
    anchor = Anchor.of(anchor, schedule, false, null, edited.plusSeconds(60));
    assertThat(at("2026-11-02T14:01:00Z")).isEqualTo(waits("2026-11-02T23:00:00Z"));

    // To write the same in other words is no edit.
    Anchor same =
        Anchor.of(
            anchor,
            Schedule.of("00 12 * * *", "Pacific/Apia"),
            false,
            null,
            edited.plusSeconds(99));
    assertThat(same).isEqualTo(anchor);
  }

  @Test
  void twoWeeksOfSuspensionAreNotCaughtUp() {
    lastSlot = Instant.parse("2026-11-02T02:00:00Z");
    lastSuccess = lastSlot;
    Anchor suspended =
        Anchor.of(anchor, NIGHTLY, true, null, Instant.parse("2026-11-02T12:00:00Z"));
    assertThat(suspended.since()).isEqualTo(CREATED);
    assertThat(suspended.suspended()).isTrue();

    // A backup on demand was made shortly before.
    lastSuccess = Instant.parse("2026-11-16T11:00:00Z");
    anchor = Anchor.of(suspended, NIGHTLY, false, null, Instant.parse("2026-11-16T12:00:00Z"));
    assertThat(at("2026-11-16T12:00:00Z")).isEqualTo(waits("2026-11-17T02:00:00Z"));
  }

  @Test
  void resumedWithABackupThatIsTooOldItRunsAtOnceAndOnlyOnce() {
    lastSlot = Instant.parse("2026-11-02T02:00:00Z");
    lastSuccess = lastSlot;
    // However late it is for the slot it is named after.
    deadline = Duration.ofHours(1);
    Anchor suspended =
        Anchor.of(anchor, NIGHTLY, true, null, Instant.parse("2026-11-02T12:00:00Z"));
    anchor = Anchor.of(suspended, NIGHTLY, false, null, Instant.parse("2026-11-16T12:00:00Z"));

    assertThat(at("2026-11-16T12:00:00Z")).isEqualTo(runs("2026-11-16T02:00:00Z", true, 0));
    lastSlot = Instant.parse("2026-11-16T02:00:00Z");
    assertThat(at("2026-11-16T12:00:01Z")).isEqualTo(waits("2026-11-17T02:00:00Z"));
    assertThat(at("2026-11-17T02:00:00Z")).isEqualTo(runs("2026-11-17T02:00:00Z", false, 0));
    lastSlot = Instant.parse("2026-11-17T02:00:00Z");

    // It still fails, and then somebody edits the schedule: no surprise.
    schedule = Schedule.of("0 12 * * *", null);
    anchor = Anchor.of(anchor, schedule, false, null, Instant.parse("2026-11-17T14:00:00Z"));
    assertThat(at("2026-11-17T14:00:00Z")).isEqualTo(waits("2026-11-18T12:00:00Z"));
  }

  @Test
  void anInstanceMadeSuspendedIsJudgedFromItsCreation() {
    Anchor suspended = Anchor.of(null, NIGHTLY, true, null, CREATED);
    anchor = Anchor.of(suspended, NIGHTLY, false, null, Instant.parse("2026-11-02T12:00:00Z"));
    assertThat(at("2026-11-02T12:00:00Z")).isEqualTo(waits("2026-11-03T02:00:00Z"));

    anchor = Anchor.of(suspended, NIGHTLY, false, null, Instant.parse("2026-11-09T12:00:00Z"));
    assertThat(at("2026-11-09T12:00:00Z")).isEqualTo(runs("2026-11-09T02:00:00Z", true, 0));
  }

  @Test
  void aClockThatIsSetBackRunsNoSlotAgain() {
    schedule = Schedule.of("@hourly", null);
    anchor = Anchor.of(null, schedule, false, null, CREATED);
    lastSlot = Instant.parse("2026-11-02T12:00:00Z");

    // Three hours ahead, then right again.
    assertThat(at("2026-11-02T15:30:00Z")).isEqualTo(runs("2026-11-02T15:00:00Z", true, 2));
    lastSlot = Instant.parse("2026-11-02T15:00:00Z");
    assertThat(at("2026-11-02T12:31:00Z")).isEqualTo(waits("2026-11-02T16:00:00Z"));
    assertThat(at("2026-11-02T16:00:00Z")).isEqualTo(runs("2026-11-02T16:00:00Z", false, 0));
  }

  /** Otherwise there would be no backup for a year. */
  @Test
  void aSlotOfNextYearIsNotWaitedFor() {
    lastSuccess = Instant.parse("2026-11-02T02:00:40Z");
    lastSlot = Instant.parse("2027-11-02T02:00:00Z");

    assertThat(at("2026-11-02T12:00:00Z")).isEqualTo(waits("2026-11-03T02:00:00Z"));
    assertThat(at("2026-11-03T02:00:00Z")).isEqualTo(runs("2026-11-03T02:00:00Z", false, 0));
    lastSuccess = lastSlot;
    anchor = new Anchor(anchor.fingerprint(), lastSlot, false, false);
    assertThat(at("2026-11-03T02:00:00Z")).isInstanceOf(Run.class);
  }

  /** The status is a cache: the backups that exist tell as much. */
  @Test
  void aStatusThatIsLostChangesNothing() {
    lastSlot = Instant.parse("2026-11-02T02:00:00Z");
    Decision before = at("2026-11-05T10:00:00Z");
    anchor = Anchor.of(null, NIGHTLY, false, lastSlot, Instant.parse("2026-11-05T10:00:00Z"));
    assertThat(at("2026-11-05T10:00:00Z"))
        .isEqualTo(before)
        .isEqualTo(runs("2026-11-05T02:00:00Z", true, 2));
  }

  /** There is no good backup, and nobody has missed one. */
  @Test
  void aScheduleThatIsAddedToAnOldInstanceBeginsAtOnce() {
    anchor = Anchor.of(null, NIGHTLY, false, null, Instant.parse("2026-11-22T14:00:00Z"));
    assertThat(at("2026-11-22T14:00:00Z")).isEqualTo(runs("2026-11-22T02:00:00Z", true, 0));

    anchor = Anchor.of(null, NIGHTLY, false, null, Instant.parse("2026-11-02T14:00:00Z"));
    assertThat(at("2026-11-02T14:00:00Z")).isEqualTo(waits("2026-11-03T02:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "2027-03-28T00:59:00Z, 2027-03-28T01:00:00Z",
    "2027-10-31T00:00:00Z, 2027-10-31T00:30:00Z",
  })
  void whereClocksAreSetThereIsOneBackupInTheNight(String before, String slot) {
    schedule = Schedule.of("30 2 * * *", "Europe/Berlin");
    anchor = Anchor.of(null, schedule, false, null, CREATED);
    lastSlot = schedule.latestUpTo(Instant.parse(before));
    assertThat(at(before)).isEqualTo(waits(slot));
    assertThat(at(slot)).isEqualTo(runs(slot, false, 0));
    lastSlot = Instant.parse(slot);
    assertThat(at(slot))
        .isEqualTo(
            new Wait(
                lastSlot
                    .plus(Duration.ofHours(slot.contains("-03-") ? 23 : 25))
                    .plus(Duration.ofMinutes(slot.contains("-03-") ? 30 : 0))));
  }

  private Decision at(String now) {
    return new Due(
            schedule,
            jitter,
            deadline,
            BackupHealth.maxAge(schedule),
            CREATED,
            anchor,
            lastSlot,
            lastSuccess)
        .at(Instant.parse(now));
  }

  private static Wait waits(String until) {
    return new Wait(Instant.parse(until));
  }

  private static Run runs(String slot, boolean catchUp, int missed) {
    return new Run(new Slot(Instant.parse(slot)), catchUp, missed);
  }
}
