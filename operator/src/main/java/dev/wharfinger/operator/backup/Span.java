package dev.wharfinger.operator.backup;

import java.time.Duration;

/** Spans of time as one says them: the two largest units, {@code 2 d 1 h}. */
final class Span {
  private Span() {}

  static String text(Duration span) {
    if (span.isNegative()) {
      return "-" + text(span.negated());
    }
    if (span.toDays() > 0) {
      return two(span.toDays(), "d", span.toHoursPart(), "h");
    }
    if (span.toHours() > 0) {
      return two(span.toHours(), "h", span.toMinutesPart(), "min");
    }
    return two(span.toMinutes(), "min", span.toSecondsPart(), "s");
  }

  private static String two(long large, String unit, int small, String part) {
    if (large == 0) {
      return small + " " + part;
    }
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + part);
  }
}
