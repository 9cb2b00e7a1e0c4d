package dev.wharfinger.operator.backup;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/**
 * Which sets are kept: so many of the newest, and the newest of so many hours, days, weeks and
 * months that have any. A set is kept if one of the rules says so.
 *
 * @param minimum so many of the newest are kept even if they are too old
 * @param maxAge what is older goes though a rule would keep it; null for no limit
 */
public record RetentionRules(
    int keepLast,
    int keepHourly,
    int keepDaily,
    int keepWeekly,
    int keepMonthly,
    int minimum,
    @Nullable Duration maxAge) {
  /** What holds where nothing else is said. */
  public static final RetentionRules DEFAULT = new RetentionRules(3, 0, 7, 4, 6, 2, null);

  public RetentionRules {
    if (keepLast < 0
        || keepHourly < 0
        || keepDaily < 0
        || keepWeekly < 0
        || keepMonthly < 0
        || minimum < 0
        || (maxAge != null && maxAge.isNegative())) {
      throw new IllegalArgumentException("retention: no number may be less than 0");
    }
  }

  /** How many sets of such a rule are kept. */
  int count(Kept rule) {
    return switch (rule) {
      case LAST -> keepLast;
      case HOURLY -> keepHourly;
      case DAILY -> keepDaily;
      case WEEKLY -> keepWeekly;
      case MONTHLY -> keepMonthly;
      default -> throw new IllegalArgumentException(rule + " does not count");
    };
  }

  /** What a set shares with those of the same hour, day, week or month; null with none at all. */
  static @Nullable Instant bucket(Kept rule, Instant at, ZoneId zone) {
    ZonedDateTime hour = at.atZone(zone).truncatedTo(ChronoUnit.HOURS);
    return switch (rule) {
      case HOURLY -> hour.toInstant();
      case DAILY -> midnight(hour).toInstant();
      case WEEKLY ->
          midnight(hour.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))).toInstant();
      case MONTHLY -> midnight(hour.with(TemporalAdjusters.firstDayOfMonth())).toInstant();
      default -> null;
    };
  }

  /** Not every day begins at midnight; all its hours lead to the same moment. */
  private static ZonedDateTime midnight(ZonedDateTime time) {
    return time.toLocalDate().atStartOfDay(time.getZone());
  }
}
