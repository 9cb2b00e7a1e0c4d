package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;

/**
 * money: whole numbers of the smallest unit, of which the database's locale says how many there
 * are. Signs and group separators mean different amounts in different locales, so they are no
 * number here.
 *
 * @param digits digits after the point
 */
record MoneyEncoder(int digits) implements ValueEncoder {
  /** More digits before the point than eight bytes hold in any case. */
  private static final int MOST_WHOLE_DIGITS = 20;

  private static final Verdict REAL = Verdict.normalised("real-to-shortest-decimal");
  private static final Verdict RANGE = Verdict.rejected("numeric-out-of-range");
  private static final Verdict SCALE = Verdict.rejected("numeric-digits-lost");
  private static final Verdict NOT_NUMERIC = Verdict.rejected("text-is-no-number");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case INTEGER -> put(BigDecimal.valueOf(cell.integer()), Verdict.EXACT, out);
      case REAL ->
          Double.isInfinite(cell.real())
              ? RANGE
              : put(
                  new BigDecimal(Double.toString(cell.real())),
                  FloatEncoder.belowZero(cell.real()) ? NO_SIGN : REAL,
                  out);
      case TEXT -> text(cell.ascii(), out);
      case BLOB, NULL -> WRONG_STORAGE;
    };
  }

  private Verdict text(String text, RowBuffer out) {
    if (!FloatEncoder.DECIMAL.matcher(text).matches()) {
      return NOT_NUMERIC;
    }
    BigDecimal value = new BigDecimal(text);
    boolean sign = value.signum() == 0 && text.startsWith("-");
    return put(value, sign ? NO_SIGN : Verdict.EXACT, out);
  }

  private Verdict put(BigDecimal given, Verdict verdict, RowBuffer out) {
    if (given.signum() == 0) {
      out.fieldLong(0);
      return verdict;
    }
    if (given.precision() - (long) given.scale() > MOST_WHOLE_DIGITS) {
      return RANGE;
    }
    BigDecimal units = given.movePointRight(digits).stripTrailingZeros();
    if (units.scale() > 0) {
      return SCALE;
    }
    if (units.toBigInteger().bitLength() > 63) {
      return RANGE;
    }
    out.fieldLong(units.longValue());
    return verdict;
  }
}
