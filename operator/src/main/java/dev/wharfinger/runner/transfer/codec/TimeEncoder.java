package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;
import java.time.DateTimeException;

/**
 * timestamp, timestamptz, date and time. A time without offset is UTC; an offset is applied, and
 * then dropped where the target keeps none.
 *
 * @param kind the target type
 * @param digits digits of a second that the type keeps: 6 unless its modifier says less
 * @param unit what numbers count
 */
record TimeEncoder(Kind kind, int digits, EpochUnit unit) implements ValueEncoder {
  enum Kind {
    TIMESTAMP,
    TIMESTAMPTZ,
    DATE,
    TIME
  }

  /** PostgreSQL counts from 2000-01-01. */
  private static final long EPOCH_DAYS = 10957;

  private static final Verdict NUMBER = Verdict.normalised("epoch-number-to-time");
  private static final Verdict AMBIGUOUS = Verdict.rejected("epoch-unit-ambiguous");
  private static final Verdict OFFSET = Verdict.normalised("offset-applied");
  private static final Verdict NAIVE = Verdict.normalised("no-offset-taken-as-utc");
  private static final Verdict LAYOUT = Verdict.rejected("text-is-no-time");
  private static final Verdict PRECISION = Verdict.rejected("time-precision-lost");
  private static final Verdict MIDNIGHT = Verdict.normalised("midnight-to-date");
  private static final Verdict NOT_MIDNIGHT = Verdict.rejected("time-of-day-lost");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case INTEGER -> number(BigDecimal.valueOf(cell.integer()), out);
      case REAL ->
          Double.isInfinite(cell.real())
              ? AMBIGUOUS
              : number(new BigDecimal(Double.toString(cell.real())), out);
      case TEXT -> text(cell.ascii(), out);
      case BLOB, NULL -> WRONG_STORAGE;
    };
  }

  private Verdict number(BigDecimal number, RowBuffer out) {
    if (kind == Kind.TIME || unit == EpochUnit.AMBIGUOUS || unit == EpochUnit.NONE) {
      return kind == Kind.TIME ? WRONG_STORAGE : AMBIGUOUS;
    }
    try {
      return put(unit.micros(number), NUMBER, out);
    } catch (ArithmeticException e) {
      return PRECISION;
    }
  }

  private Verdict text(String text, RowBuffer out) {
    TimeText time;
    try {
      time = kind == Kind.TIME ? TimeText.parseClock(text) : TimeText.parse(text);
    } catch (DateTimeException e) {
      return LAYOUT;
    }
    if (time.lossy()) {
      return PRECISION;
    }
    Verdict verdict =
        kind == Kind.TIMESTAMPTZ && !time.offset()
            ? NAIVE
            : kind != Kind.TIMESTAMPTZ && time.offset() ? OFFSET : Verdict.EXACT;
    if (kind == Kind.DATE && text.length() > 10) {
      verdict = time.offset() ? NOT_MIDNIGHT : MIDNIGHT;
    }
    return verdict.rejected() ? verdict : put(time.micros(), verdict, out);
  }

  private Verdict put(long micros, Verdict verdict, RowBuffer out) {
    if (kind == Kind.DATE) {
      if (Math.floorMod(micros, TimeText.DAY) != 0) {
        return NOT_MIDNIGHT;
      }
      out.fieldInt((int) (Math.floorDiv(micros, TimeText.DAY) - EPOCH_DAYS));
      return verdict;
    }
    for (int i = digits, unit = 1; i < 6; i++) {
      unit *= 10;
      if (micros % unit != 0) {
        return PRECISION;
      }
    }
    out.fieldLong(kind == Kind.TIME ? micros : micros - EPOCH_DAYS * TimeText.DAY);
    return verdict;
  }
}
