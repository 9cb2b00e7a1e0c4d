package dev.wharfinger.runner.transfer.codec;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A time stamp as text: {@code YYYY-MM-DD[( |T)HH:MM[:SS[.f{1,9}]]][ ][Z|(+|-)HH[[:]MM]| UTC]}, and
 * what Go's {@code Time.String()} writes behind an offset: the zone's name and a clock reading.
 *
 * @param micros microseconds since 1970-01-01 UTC; a text without offset is taken as UTC
 * @param offset whether the text names its offset
 * @param nanos what is below the microsecond
 */
record TimeText(long micros, boolean offset, int nanos) {
  static final long DAY = 86_400_000_000L;
  static final String FIRST_DAY = "2000-01-01 ";
  private static final Pattern LAYOUT =
      Pattern.compile(
          "(\\d{4})-(\\d{2})-(\\d{2})"
              + "(?:[ Tt](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?"
              + "(?: ?(?:([Zz]|UTC|[+-]\\d{2}(?::?\\d{2})?)"
              + "(?: (?:[A-Z]{3,5}|[+-]\\d{2}(?:\\d{2})?)(?: m=[+-]\\d+\\.\\d+)?)?))?)?");
  private static final Pattern CLOCK =
      Pattern.compile("(\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?");

  /**
   * Reads a date with or without a time.
   *
   * @throws DateTimeException where the text has another layout or names no real time
   */
  static TimeText parse(String text) {
    TimeText common = common(text);
    return common == null ? any(text) : common;
  }

  /**
   * What most libraries write, {@code YYYY-MM-DD( |T)HH:MM:SS[.f{1,9}][Z]}, without the pattern,
   * which takes ten times as long; null for anything else, be it a time or not.
   */
  private static @Nullable TimeText common(String text) {
    int end = text.endsWith("Z") ? text.length() - 1 : text.length();
    boolean layout =
        end >= 19
            && text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && (text.charAt(10) == ' ' || text.charAt(10) == 'T')
            && text.charAt(13) == ':'
            && text.charAt(16) == ':'
            && (end == 19 || (text.charAt(19) == '.' && end >= 21 && end <= 29));
    if (!layout) {
      return null;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    int nanos = end == 19 ? 0 : digits(text, 20, end);
    boolean numbers = (year | month | day | hour | minute | second | nanos) >= 0;
    if (!numbers || year == 0 || hour > 23 || minute > 59 || second > 59) {
      return null;
    }
    for (int i = end; i > 19 && i < 29; i++) {
      nanos *= 10;
    }
    long seconds = (hour * 60L + minute) * 60 + second;
    long micros =
        LocalDate.of(year, month, day).toEpochDay() * DAY + seconds * 1_000_000 + nanos / 1000;
    return new TimeText(micros, end < text.length(), nanos % 1000);
  }

  /** A number of ASCII digits, negative if there is something else among them. */
  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  static TimeText any(String text) {
    Matcher m = LAYOUT.matcher(text);
    if (!m.matches()) {
      throw new DateTimeException("layout");
    }
    if (number(text, m, 1) == 0) {
      // There is no year 0 in PostgreSQL, and nobody means 1 BC by it.
      throw new DateTimeException("year");
    }
    long day =
        LocalDate.of(number(text, m, 1), number(text, m, 2), number(text, m, 3)).toEpochDay();
    String zone = m.group(8);
    long micros = day * DAY + clock(text, m, 4) - offset(zone);
    return new TimeText(micros, zone != null, nanos(text, m, 7));
  }

  /**
   * Reads a time of day; {@link #micros} counts from midnight. Rails writes a day that stands for
   * none.
   */
  static TimeText parseClock(String given) {
    String text = given.startsWith(FIRST_DAY) ? given.substring(FIRST_DAY.length()) : given;
    Matcher m = CLOCK.matcher(text);
    if (!m.matches()) {
      throw new DateTimeException("layout");
    }
    return new TimeText(clock(text, m, 1), false, nanos(text, m, 4));
  }

  private static long clock(String text, Matcher m, int group) {
    int hour = number(text, m, group);
    int minute = number(text, m, group + 1);
    int second = number(text, m, group + 2);
    if (hour > 23 || minute > 59 || second > 59) {
      throw new DateTimeException("time of day");
    }
    return ((hour * 60L + minute) * 60 + second) * 1_000_000 + micros(text, m, group + 3);
  }

  private static long micros(String text, Matcher m, int group) {
    int digits = Math.min(6, m.end(group) - m.start(group));
    int micros =
        digits == 0 ? 0 : Integer.parseInt(text, m.start(group), m.start(group) + digits, 10);
    for (int i = digits; i < 6; i++) {
      micros *= 10;
    }
    return micros;
  }

  private static int nanos(String text, Matcher m, int group) {
    int nanos = 0;
    for (int i = m.start(group) + 6; i < m.start(group) + 9; i++) {
      nanos = 10 * nanos + (i < m.end(group) ? text.charAt(i) - '0' : 0);
    }
    return m.start(group) < 0 ? 0 : nanos;
  }

  boolean lossy() {
    return nanos != 0;
  }

  /** To the next microsecond, to an even one from the middle. */
  long rounded() {
    return nanos > 500 || (nanos == 500 && micros % 2 != 0) ? micros + 1 : micros;
  }

  private static long offset(@Nullable String zone) {
    if (zone == null || zone.equalsIgnoreCase("Z") || zone.equals("UTC")) {
      return 0;
    }
    int hours = Integer.parseInt(zone.substring(1, 3));
    int minutes = zone.length() > 3 ? Integer.parseInt(zone.substring(zone.length() - 2)) : 0;
    if (hours > 15 || minutes > 59) {
      throw new DateTimeException("offset");
    }
    long micros = (hours * 60L + minutes) * 60_000_000;
    return zone.charAt(0) == '-' ? -micros : micros;
  }

  /**
   * Read in place: a time in every row is common, and a String for each of its parts is not free.
   */
  private static int number(String text, Matcher m, int group) {
    return m.start(group) < 0 ? 0 : Integer.parseInt(text, m.start(group), m.end(group), 10);
  }
}
