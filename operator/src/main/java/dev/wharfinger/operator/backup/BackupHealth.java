package dev.wharfinger.operator.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is a good backup that is new enough. Asked of what is there and never of what was
 * begun: a scheduler that stands still, a suspension, and backups that all fail look the same. An
 * instance that never had a backup is judged from its creation.
 *
 * @param newest when the data of the newest good backup were read; null if there is none
 * @param age of the newest, or of the instance if there is none
 * @param maxAge how old it may be
 */
public record BackupHealth(@Nullable Instant newest, Duration age, Duration maxAge) {
  /** How far clocks may be apart. Data that were read later than that were not yet read. */
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final Duration ALLOWANCE = Duration.ofHours(1);

  /**
   * What there is now.
   *
   * @param completed when the data of each completed backup were read, in any order
   * @param created when the instance was made
   * @param maxAge for example {@link #maxAge(Schedule)}
   */
  public static BackupHealth of(
      Collection<Instant> completed, Instant created, Duration maxAge, Instant now) {
    Instant newest =
        completed.stream()
            .filter(at -> !at.isAfter(now.plus(SKEW)))
            .max(Comparator.naturalOrder())
            .orElse(null);
    Duration age = Duration.between(newest == null ? created : newest, now);
    return new BackupHealth(newest, age.isNegative() ? Duration.ZERO : age, maxAge);
  }

  /** How old the newest backup may be where nothing else is said: one may fail. */
  public static Duration maxAge(Schedule schedule) {
    return schedule.period().multipliedBy(2).plus(ALLOWANCE);
  }

  /** Whether all is well. */
  public boolean healthy() {
    return age.compareTo(maxAge) <= 0;
  }

  /** How long it stays so if nothing happens; zero if it is not. */
  public Duration left() {
    return healthy() ? maxAge.minus(age) : Duration.ZERO;
  }

  /** The same words as long as nothing has changed: it is meant for a condition. */
  public String explanation() {
    String allowed = Span.text(maxAge);
    if (healthy()) {
      return newest == null
          ? "no backup yet; the first is expected within " + allowed + " of creation"
          : "the newest good backup is of " + newest + "; it may be " + allowed + " old";
    }
    return newest == null
        ? "there is no good backup, and there should be one within " + allowed + " of creation"
        : "the newest good backup is of " + newest + ", and may be no older than " + allowed;
  }
}
