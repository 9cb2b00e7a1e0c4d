package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Verdict;
import java.time.LocalDate;

/**
 * A time as text; what has no zone in its name is UTC.
 *
 * @param name pattern of the text
 * @param type timestamp, timestamptz, date or time
 * @param separator what stands between date and time of day; {@code null} character for none
 * @param fraction how seconds are written
 * @param zone what stands behind the time
 */
record TimeFormat(String name, String type, char separator, Fraction fraction, String zone)
    implements Format {
  static final Verdict RANGE = Verdict.rejected("time-out-of-range");
  static final Verdict FINER = Verdict.rejected("time-finer-than-format");
  static final long DAY = 86_400_000_000L;

  /** PostgreSQL counts from 2000-01-01. */
  private static final long EPOCH_DAYS = 10957;

  private static final String FIRST_DAY = "2000-01-01 ";
  private static final long MIN_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long MAX_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  /** A time of day behind the day that Rails has for it. */
  static TimeFormat ofFirstDay(Fraction fraction) {
    return new TimeFormat(FIRST_DAY + "HH:MM" + fraction.pattern, "time", ' ', fraction, "");
  }

  static TimeFormat of(String type, char separator, Fraction fraction, String zone) {
    String date = type.equals("time") ? "" : "YYYY-MM-DD" + (separator == 0 ? "" : separator);
    String clock = separator == 0 && !type.equals("time") ? "" : "HH:MM" + fraction.pattern;
    return new TimeFormat(date + clock + zone, type, separator, fraction, zone);
  }

  @Override
  public Verdict cell(Field field, Cell cell) {
    long micros = field.number();
    StringBuilder out = new StringBuilder(32);
    if (!type.equals("time")) {
      if (!inRange(type, micros)) {
        return RANGE;
      }
      micros = micros(type, micros);
      LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(micros, DAY));
      two(out, day.getYear() / 100);
      two(out, day.getYear() % 100);
      out.append('-');
      two(out, day.getMonthValue());
      out.append('-');
      two(out, day.getDayOfMonth());
      micros = Math.floorMod(micros, DAY);
      if (separator == 0) {
        cell.setText(out.toString());
        return micros == 0 ? Verdict.EXACT : FINER;
      }
      out.append(separator);
    } else if (micros >= DAY) {
      return RANGE;
    } else if (separator != 0) {
      out.append(FIRST_DAY);
    }
    int minutes = (int) (micros / 60_000_000);
    two(out, minutes / 60);
    out.append(':');
    two(out, minutes % 60);
    if (!fraction.write(out, (int) (micros % 60_000_000))) {
      return FINER;
    }
    cell.setText(out.append(zone).toString());
    return Verdict.EXACT;
  }

  static void two(StringBuilder out, int number) {
    out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  /** Whether the year has four digits; infinity has none. */
  static boolean inRange(String type, long number) {
    long day = (type.equals("date") ? number : Math.floorDiv(number, DAY)) + EPOCH_DAYS;
    return day >= MIN_DAY && day <= MAX_DAY;
  }

  /** Microseconds since 1970 of what PostgreSQL sent; the range is known to be right. */
  static long micros(String type, long number) {
    return type.equals("date") ? (number + EPOCH_DAYS) * DAY : number + EPOCH_DAYS * DAY;
  }
}
