package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A span of time, of which PostgreSQL sends the {@linkplain #sql length as text}: as a whole
 * number, or as the moment that is so far from 1970-01-01.
 *
 * @param name its name
 * @param unit microseconds in what the number counts; {@link #MOMENT} or {@link #SPAN} for texts
 */
record IntervalFormat(String name, long unit) implements Format {
  /** So far from 1970-01-01. */
  static final long MOMENT = 0;

  /** As .NET writes it: {@code [-][d.]hh:mm:ss[.fffffff]}. */
  static final long SPAN = -1;

  private static final long SECOND = 1_000_000;
  private static final String TEXT = " microseconds";
  private static final long EPOCH = 10957 * TimeFormat.DAY;
  private static final TimeFormat MOMENTS = TimeFormat.of("timestamp", ' ', Fraction.MICROS, "");

  /** A month has no length. */
  private static final Verdict MONTHS = Verdict.rejected("value-does-not-come-back");

  /**
   * The length of a column's values, as the way forward sends it; other text of those in months.
   */
  static String sql(String column) {
    String name = Quoting.name(column);
    return ("CASE WHEN extract(year FROM %1$s) = 0 AND extract(month FROM %1$s) = 0"
            + " THEN (extract(day FROM %1$s)::bigint * 86400000000"
            + " + extract(hour FROM %1$s)::bigint * 3600000000"
            + " + extract(minute FROM %1$s)::bigint * 60000000"
            + " + extract(microseconds FROM %1$s)::bigint) || '%2$s' ELSE %1$s::text END")
        .formatted(name, TEXT);
  }

  @Override
  public Verdict cell(Field field, Cell cell) {
    String text = field.text(0);
    if (!text.endsWith(TEXT)) {
      return MONTHS;
    }
    long micros = Long.parseLong(text.substring(0, text.length() - TEXT.length()));
    if (unit == SPAN) {
      cell.setText(span(micros));
      return Verdict.EXACT;
    }
    if (unit == MOMENT) {
      byte[] moment = ByteBuffer.allocate(8).putLong(micros - EPOCH).array();
      return MOMENTS.cell(new Field().set(moment, 0, moment.length), cell);
    }
    if (micros % unit != 0) {
      return TimeFormat.FINER;
    }
    cell.setInteger(micros / unit);
    return Verdict.EXACT;
  }

  private static String span(long micros) {
    long rest = Math.abs(micros);
    StringBuilder out = new StringBuilder(micros < 0 ? "-" : "");
    if (rest >= TimeFormat.DAY) {
      out.append(rest / TimeFormat.DAY).append('.');
    }
    long minutes = rest % TimeFormat.DAY / (60 * SECOND);
    TimeFormat.two(out, (int) (minutes / 60));
    out.append(':');
    TimeFormat.two(out, (int) (minutes % 60));
    Fraction.NONE_OR_TICKS.write(out, (int) (rest % (60 * SECOND)));
    return out.toString();
  }

  /** What a number counts is nowhere but here. */
  @Override
  public Choices choices() {
    return unit < 1 ? Choices.NONE : new Choices(Map.of(PolicyKind.EPOCH_UNIT, name));
  }
}
