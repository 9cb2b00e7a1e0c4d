package dev.wharfinger.operator.backup;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a backup is due. A function of what is kept and of the time: a timer that comes early,
 * late, twice or never makes no difference. There is never more than one slot due, the latest: its
 * backup has today's data, and those before it are only counted.
 *
 * @param schedule when there are slots
 * @param jitter how long after its slot a backup begins; see {@link Jitter}
 * @param startingDeadline how late it may begin at most; null for any time
 * @param maxAge how old the newest good backup may be; see {@link BackupHealth}
 * @param created of the instance
 * @param anchor from when on slots count, not suspended
 * @param lastSlot the latest slot that was run or missed; null if there was none
 * @param lastSuccess when the data of the newest good backup were read; null if there is none
 */
public record Due(
    Schedule schedule,
    Duration jitter,
    @Nullable Duration startingDeadline,
    Duration maxAge,
    Instant created,
    Anchor anchor,
    @Nullable Instant lastSlot,
    @Nullable Instant lastSuccess) {
  /** Where the counting of missed slots ends. */
  public static final int COUNTED = 1000;

  /** From here on a backup is not on time any more. */
  private static final Duration LATE = Duration.ofSeconds(60);

  /**
   * What is noted for a time that is further away than this was noted by a clock gone wrong, and is
   * not waited for. What is nearer is: a clock that is set back runs no slot again.
   */
  private static final Duration BELIEVED = Duration.ofDays(1);

  /** What there is to do. */
  public sealed interface Decision {}

  /**
   * Nothing yet.
   *
   * @param until when to ask again
   */
  public record Wait(Instant until) implements Decision {}

  /**
   * Back up now.
   *
   * @param slot after which the backup is named; then the last slot
   * @param catchUp whether it is late
   * @param missed how many slots before it were not run, up to {@link #COUNTED}
   */
  public record Run(Slot slot, boolean catchUp, int missed) implements Decision {}

  /**
   * It is too late for a slot: note it as the last slot, and do nothing else.
   *
   * @param slot the latest of those that are too late
   * @param missed how many these are, up to {@link #COUNTED}
   */
  public record Missed(Slot slot, int missed) implements Decision {}

  /** What there is to do at a moment. */
  public Decision at(Instant now) {
    // Jitter moves all slots alike, which is the same as to move the clock.
    Instant clock = now.minus(jitter);
    Instant since = orElse(believed(anchor.since(), clock), created);
    Instant after = lower(isAnew() ? created : since, clock);
    Instant slot = schedule.latestUpTo(clock);
    if (!slot.isAfter(after)) {
      return new Wait(schedule.nextAfter(latest(clock, after)).plus(jitter));
    }
    Instant counted = latest(after, since);
    int before = counted.isAfter(slot) ? 0 : schedule.count(counted, slot.minusNanos(1), COUNTED);
    Duration late = Duration.between(slot, clock);
    // A slot of a suspension is only a name for the backup of now.
    boolean tooLate = startingDeadline != null && late.compareTo(startingDeadline) > 0;
    if (tooLate && !slot.isBefore(since)) {
      return new Missed(new Slot(slot), Math.min(before + 1, COUNTED));
    }
    return new Run(new Slot(slot), late.compareTo(LATE) >= 0, before);
  }

  /**
   * Whether backups were begun or resumed when the newest one had become too old. Then a slot of
   * before is due; otherwise none of them is.
   */
  private boolean isAnew() {
    boolean ranSince = lastSlot != null && !lastSlot.isBefore(anchor.since());
    return anchor.resumed()
        && !ranSince
        && latest(created, lastSuccess).plus(maxAge).isBefore(anchor.since());
  }

  private Instant lower(Instant since, Instant clock) {
    Instant last = believed(lastSlot, clock);
    // Without a last slot that can be believed, what was backed up need not be so again.
    return latest(since, lastSlot == null || last != null ? last : believed(lastSuccess, clock));
  }

  private static @Nullable Instant believed(@Nullable Instant noted, Instant clock) {
    return noted == null || noted.isAfter(clock.plus(BELIEVED)) ? null : noted;
  }

  private static Instant orElse(@Nullable Instant one, Instant other) {
    return one == null ? other : one;
  }

  private static Instant latest(Instant one, @Nullable Instant other) {
    return other == null || one.isAfter(other) ? one : other;
  }
}
