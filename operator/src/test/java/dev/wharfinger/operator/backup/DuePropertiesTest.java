package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An instance's life of some weeks, by chance but each time the same: the operator looks now and
 * then, dies before it has noted what it did, is away for days; its clock goes wrong and right
 * again; backups fail; somebody edits, suspends and resumes.
 */
class DuePropertiesTest {
  private static final List<String> SCHEDULES =
      List.of("0 2 * * *", "@hourly", "*/15 * * * *", "30 1 * * 0", "0 */6 * * 1-5");
  private static final List<String> ZONES =
      List.of("Etc/UTC", "Europe/London", "Australia/Lord_Howe", "America/New_York");

  private Random random = new Random(0);
  private Schedule schedule = Schedule.of("@daily", null);
  private boolean suspended;

  private Instant time = Instant.EPOCH;
  private Instant created = Instant.EPOCH;
  private Duration ahead = Duration.ZERO;

  // What the operator keeps.
  private @Nullable Anchor anchor;
  private @Nullable Instant lastSlot;
  private @Nullable Instant lastSuccess;

  // What it must respect: when it saw the last edit, and whether that was the end of a suspension.
  private boolean edited;
  private boolean resumed;
  private Instant quiet = Instant.EPOCH;
  private boolean quietWasResumed;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noSlotTwiceNoBacklogNoSurpriseAndNoneForgotten(long seed) {
    random = new Random(seed);
    time = Instant.parse("2026-09-20T00:00:00Z").plusSeconds(random.nextInt(86_400 * 30));
    created = time;
    quiet = time;
    schedule = any();
    int runs = 0;
    for (int i = 0; i < 300; i++) {
      runs += look(time.plus(ahead)) ? 1 : 0;
      live();
    }
    assertThat(runs).isGreaterThan(20);
  }

  /** One run of the operator; whether it made a backup. */
  private boolean look(Instant now) {
    anchor = Anchor.of(anchor, schedule, suspended, lastSlot, now);
    if (edited || resumed) {
      quiet = now;
      quietWasResumed = resumed;
      edited = false;
      resumed = false;
    }
    if (suspended) {
      return false;
    }
    Due due = due(anchor);
    if (due.at(now) instanceof Due.Run run) {
      itIsTheLatestAndNew(run.slot().at(), now);
      if (random.nextInt(5) > 0) {
        lastSlot = run.slot().at();
        assertThat(due(anchor).at(now)).as("once is enough").isInstanceOf(Due.Wait.class);
      }
      if (random.nextInt(3) > 0) {
        lastSuccess = now;
      }
      return true;
    }
    assertThat(due.at(now)).isInstanceOf(Due.Wait.class);
    Instant until = ((Due.Wait) due.at(now)).until();
    assertThat(until).isAfter(now);
    assertThat(due.at(until)).as("not a moment too late").isInstanceOf(Due.Run.class);
    assertThat(due.at(until.minusMillis(1))).as("or too early").isEqualTo(new Due.Wait(until));
    return false;
  }

  private void itIsTheLatestAndNew(Instant slot, Instant now) {
    Instant clock = now.minus(jitter());
    assertThat(slot).as("no backlog").isEqualTo(schedule.latestUpTo(clock));
    if (lastSlot != null) {
      assertThat(slot).as("never twice").isAfter(lastSlot);
    }
    Instant good = lastSuccess == null ? created : lastSuccess;
    boolean tooOld = good.plus(BackupHealth.maxAge(schedule)).isBefore(quiet);
    if (!quietWasResumed || !tooOld) {
      assertThat(slot).as("no surprise").isAfter(quiet);
    }
  }

  private Due due(Anchor kept) {
    return new Due(
        schedule,
        jitter(),
        null,
        BackupHealth.maxAge(schedule),
        created,
        kept,
        lastSlot,
        lastSuccess);
  }

  private Duration jitter() {
    return Jitter.of("5d1e9a5c-6a57-4f0c-8f6b-1f2b5d0f4c11", null, schedule);
  }

  /** What happens until the operator looks again. */
  private void live() {
    long usual = schedule.shortest().toSeconds();
    time = time.plusSeconds(1 + (long) (random.nextDouble() * usual));
    switch (random.nextInt(20)) {
      case 0 -> time = time.plus(Duration.ofDays(random.nextInt(15)));
      case 1 -> ahead = Duration.ofMinutes(random.nextInt(180));
      case 2 -> ahead = Duration.ZERO;
      case 3 -> {
        String before = schedule.fingerprint();
        schedule = any();
        edited |= !schedule.fingerprint().equals(before);
      }
      case 4 -> {
        resumed |= suspended;
        suspended = !suspended;
      }
      default -> {}
    }
  }

  private Schedule any() {
    return Schedule.of(
        SCHEDULES.get(random.nextInt(SCHEDULES.size())), ZONES.get(random.nextInt(ZONES.size())));
  }
}
