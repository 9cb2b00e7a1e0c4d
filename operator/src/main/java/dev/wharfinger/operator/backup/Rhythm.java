package dev.wharfinger.operator.backup;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/**
 * How far the slots of a schedule are apart, on a calendar without clock changes. The same schedule
 * always has the same, whenever one asks: limits that follow from it do not move.
 *
 * @param shortest the least time between two slots
 * @param longest the most; of a schedule for working days it spans the weekend
 */
record Rhythm(Duration shortest, Duration longest) {
  /** A year and what else a month may need. */
  private static final int DAYS = 400;

  static Rhythm of(CronLine line) {
    LocalDateTime first = line.first();
    LocalDate day = first.toLocalDate();
    Rhythm rhythm = new Rhythm(Duration.ofDays(DAYS * 10L), Duration.ZERO);
    LocalDateTime last = first;
    // Every day that has slots has them at the same times.
    for (LocalDateTime next = line.nextAfter(last);
        next.toLocalDate().equals(day);
        next = line.nextAfter(last)) {
      rhythm = rhythm.with(last, next);
      last = next;
    }
    LocalTime closing = last.toLocalTime();
    LocalDate end = line.isDaily() ? day : day.plusDays(DAYS);
    do {
      LocalDateTime next = line.nextFrom(day.plusDays(1).atStartOfDay());
      rhythm = rhythm.with(day.atTime(closing), next);
      day = next.toLocalDate();
    } while (day.isBefore(end));
    return rhythm;
  }

  private Rhythm with(LocalDateTime one, LocalDateTime next) {
    Duration between = Duration.between(one, next);
    return new Rhythm(
        between.compareTo(shortest) < 0 ? between : shortest,
        between.compareTo(longest) > 0 ? between : longest);
  }
}
