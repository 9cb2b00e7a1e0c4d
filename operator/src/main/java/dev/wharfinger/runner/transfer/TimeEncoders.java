package dev.wharfinger.runner.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * timestamp, timestamptz, date and time. Text without an offset is UTC; an offset is converted to
 * UTC, as PostgreSQL itself would silently drop it. A number in a time column has no certain unit
 * and is refused.
 */
final class TimeEncoders {
  private static final LocalDateTime EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]{1,9}))?)?)?"
              + " ?(Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?");
  private static final Pattern TIME =
      Pattern.compile("([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]{1,9}))?)?");

  private TimeEncoders() {}

  /** timestamp and timestamptz: microseconds since 2000-01-01 UTC. */
  static Encoder timestamp() {
    return text(
        word -> {
          Matcher m = TIMESTAMP.matcher(word);
          if (!m.matches()) {
            return null;
          }
          LocalDateTime local =
              LocalDateTime.of(date(m), time(m.group(4), m.group(5), m.group(6), m.group(7)));
          LocalDateTime utc = local.minusSeconds(offsetSeconds(m.group(8)));
          byte[] field = micros(ChronoUnit.MICROS.between(EPOCH, utc));
          return m.group(8) == null || offsetSeconds(m.group(8)) == 0
              ? Outcome.exact(field)
              : Outcome.normalised(field, "offset converted to UTC");
        },
        "timestamp");
  }

  /** date: days since 2000-01-01. */
  static Encoder date() {
    return text(
        word -> {
          Matcher m = TIMESTAMP.matcher(word);
          if (!m.matches() || m.group(8) != null) {
            return null;
          }
          if (m.group(4) != null
              && !time(m.group(4), m.group(5), m.group(6), m.group(7)).equals(LocalTime.MIDNIGHT)) {
            return Outcome.rejected("a time of day in a date column");
          }
          byte[] field =
              ByteBuffer.allocate(4)
                  .putInt((int) ChronoUnit.DAYS.between(EPOCH.toLocalDate(), date(m)))
                  .array();
          return m.group(4) == null
              ? Outcome.exact(field)
              : Outcome.normalised(field, "midnight dropped");
        },
        "date");
  }

  /** time: microseconds since midnight. */
  static Encoder time() {
    return text(
        word -> {
          Matcher m = TIME.matcher(word);
          return m.matches()
              ? Outcome.exact(
                  micros(
                      time(m.group(1), m.group(2), m.group(3), m.group(4)).toNanoOfDay() / 1_000))
              : null;
        },
        "time");
  }

  private interface Reader {
    @Nullable Outcome read(String word);
  }

  private static Encoder text(Reader reader, String type) {
    return value ->
        switch (value) {
          case Value.Text t -> {
            try {
              Outcome outcome = reader.read(new String(t.bytes(), StandardCharsets.ISO_8859_1));
              yield outcome == null
                  ? Outcome.rejected("text that is not a " + type + " in a " + type + " column")
                  : outcome;
            } catch (DateTimeException e) {
              yield Outcome.rejected(
                  "a " + type + " that does not exist, or with parts finer than a microsecond");
            }
          }
          case Value.Null n -> Outcome.NULL;
          case Value.Int i ->
              Outcome.rejected("a number in a " + type + " column: its unit is not certain");
          case Value.Real r ->
              Outcome.rejected("a number in a " + type + " column: its unit is not certain");
          case Value.Blob b -> Outcome.rejected("bytes in a " + type + " column");
        };
  }

  private static LocalDate date(Matcher m) {
    return LocalDate.of(
        Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)));
  }

  private static LocalTime time(
      @Nullable String hour,
      @Nullable String minute,
      @Nullable String second,
      @Nullable String fraction) {
    int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
    if (nanos % 1_000 != 0) {
      throw new DateTimeException("finer than a microsecond");
    }
    return LocalTime.of(number(hour), number(minute), number(second), nanos);
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int offsetSeconds(@Nullable String offset) {
    return offset == null || offset.equals("Z") || offset.equals("UTC")
        ? 0
        : ZoneOffset.of(offset).getTotalSeconds();
  }

  private static byte[] micros(long micros) {
    return ByteBuffer.allocate(8).putLong(micros).array();
  }
}
