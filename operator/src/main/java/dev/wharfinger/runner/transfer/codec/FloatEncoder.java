package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * float4 and float8.
 *
 * @param single whether the target has four bytes; then only what they hold exactly is taken
 */
record FloatEncoder(boolean single) implements ValueEncoder {
  static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

  /** No double has more digits than this. */
  private static final int MAX_LENGTH = 1100;

  private static final Verdict PRECISION = Verdict.rejected("float-precision-lost");
  private static final Verdict TEXT = Verdict.normalised("text-to-float");
  private static final Verdict NOT_NUMERIC = Verdict.rejected("text-is-no-number");
  private static final Verdict RANGE = Verdict.rejected("float-out-of-range");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case INTEGER -> integer(cell.integer(), out);
      case REAL -> put(cell.real(), Verdict.EXACT, out);
      case TEXT -> text(cell.ascii(), out);
      case BLOB, NULL -> WRONG_STORAGE;
    };
  }

  private Verdict integer(long integer, RowBuffer out) {
    double value = (double) integer;
    // Back from 2^63 comes 2^63-1, which would look like what was given.
    boolean exact = value < 0x1p63 && (long) value == integer;
    return exact ? put(value, Verdict.EXACT, out) : PRECISION;
  }

  private Verdict text(String text, RowBuffer out) {
    if (DECIMAL.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      if (Double.isInfinite(value)) {
        return RANGE;
      }
      return holds(value, text) ? put(value, TEXT, out) : PRECISION;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> put(Double.NaN, TEXT, out);
      case "inf", "+inf", "infinity", "+infinity" -> put(Double.POSITIVE_INFINITY, TEXT, out);
      case "-inf", "-infinity" -> put(Double.NEGATIVE_INFINITY, TEXT, out);
      default -> NOT_NUMERIC;
    };
  }

  /** Whether it is the zero with a sign. */
  static boolean belowZero(double value) {
    return value == 0 && Double.doubleToRawLongBits(value) != 0;
  }

  /** Whether a decimal number can be kept in eight bytes. */
  static boolean exact(String text) {
    double value = Double.parseDouble(text);
    return !Double.isInfinite(value) && holds(value, text);
  }

  /** Whether the number, written with as many digits as the text has, is the text's again. */
  private static boolean holds(double value, String text) {
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    BigDecimal wanted = new BigDecimal(text).stripTrailingZeros();
    BigDecimal held = new BigDecimal(value).round(new MathContext(wanted.precision()));
    return held.compareTo(wanted) == 0;
  }

  private Verdict put(double value, Verdict verdict, RowBuffer out) {
    if (!single) {
      out.fieldLong(Double.doubleToLongBits(value));
      return verdict;
    }
    float narrow = (float) value;
    if (narrow != value && !Double.isNaN(value)) {
      return PRECISION;
    }
    out.fieldInt(Float.floatToIntBits(narrow));
    return verdict;
  }
}
