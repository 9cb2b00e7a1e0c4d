package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * timestamp, timestamptz, date and time. A time without offset is UTC; an offset is applied, and
 * then dropped where the target keeps none.
 *
 * @param kind the target type
 * @param digits digits of a second that the type keeps: 6 unless its modifier says less
 * @param unit what numbers count
 * @param zone where a time without offset was written down
 * @param round whether digits that the type does not keep may go
 */
record TimeEncoder(Kind kind, int digits, EpochUnit unit, ZoneId zone, boolean round)
    implements ValueEncoder, TimeUnits {
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
  private static final Verdict IN_ZONE = Verdict.chosen(PolicyKind.SOURCE_TIME_ZONE);
  private static final Verdict TWICE = Verdict.normalised("local-time-twice-earlier-taken");
  private static final Verdict NEVER = Verdict.rejected("local-time-does-not-exist");
  private static final Verdict ROUNDED = Verdict.chosen(PolicyKind.TIME_PRECISION);
  private static final Verdict LAYOUT = Verdict.rejected("text-is-no-time");
  private static final Verdict PRECISION = Verdict.rejected("time-precision-lost");
  private static final Verdict MIDNIGHT = Verdict.normalised("midnight-to-date");
  private static final Verdict FIRST_DAY = Verdict.normalised("day-before-time-dropped");
  private static final Verdict NOT_MIDNIGHT = Verdict.rejected("time-of-day-lost");

  @Override
  public String unitName() {
    return unit.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

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
    if (!unit.reaches(number)) {
      return AMBIGUOUS;
    }
    try {
      return put(unit.micros(number, false), NUMBER, out);
    } catch (ArithmeticException e) {
      return round ? put(unit.micros(number, true), ROUNDED, out) : PRECISION;
    }
  }

  private Verdict text(String text, RowBuffer out) {
    TimeText time;
    try {
      time = kind == Kind.TIME ? TimeText.parseClock(text) : TimeText.parse(text);
    } catch (DateTimeException e) {
      return LAYOUT;
    }
    if (time.lossy() && !round) {
      return PRECISION;
    }
    long micros = time.rounded();
    Verdict verdict = kind != Kind.TIMESTAMPTZ && time.offset() ? OFFSET : Verdict.EXACT;
    if (kind == Kind.TIMESTAMPTZ && !time.offset()) {
      verdict = NAIVE;
      if (!zone.equals(ZoneOffset.UTC)) {
        LocalDateTime local =
            LocalDateTime.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), 0, ZoneOffset.UTC);
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
          return NEVER;
        }
        verdict = offsets.size() > 1 ? TWICE : IN_ZONE;
        micros -= offsets.getFirst().getTotalSeconds() * 1_000_000L;
      }
    }
    if (kind == Kind.TIME && text.startsWith(TimeText.FIRST_DAY)) {
      verdict = FIRST_DAY;
    }
    if (kind == Kind.DATE && text.length() > 10) {
      // With an offset it is that day only where the clock shows midnight in UTC too.
      verdict = !time.offset() || text.startsWith("00:00", 11) ? MIDNIGHT : NOT_MIDNIGHT;
    }
    return verdict.rejected() ? verdict : put(micros, time.lossy() ? ROUNDED : verdict, out);
  }

  private Verdict put(long given, Verdict how, RowBuffer out) {
    long micros = given;
    Verdict verdict = how;
    if (kind == Kind.DATE) {
      if (Math.floorMod(micros, TimeText.DAY) != 0) {
        return NOT_MIDNIGHT;
      }
      out.fieldInt((int) (Math.floorDiv(micros, TimeText.DAY) - EPOCH_DAYS));
      return verdict;
    }
    long step = 1;
    for (int i = digits; i < 6; i++) {
      step *= 10;
    }
    long below = Math.floorMod(micros, step);
    if (below != 0 && !round) {
      return PRECISION;
    }
    if (below != 0) {
      micros += 2 * below >= step ? step - below : -below;
      verdict = ROUNDED;
    }
    out.fieldLong(kind == Kind.TIME ? micros : micros - EPOCH_DAYS * TimeText.DAY);
    return verdict;
  }
}
