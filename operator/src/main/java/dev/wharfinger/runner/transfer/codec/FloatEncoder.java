package dev.wharfinger.runner.transfer.codec;

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
  private static final Verdict PRECISION = Verdict.rejected("float-precision-lost");
  private static final Verdict TEXT = Verdict.normalised("text-to-float");
  private static final Verdict NOT_NUMERIC = Verdict.rejected("text-is-no-number");
  private static final Verdict RANGE = Verdict.rejected("float-out-of-range");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case INTEGER ->
          Math.abs((double) cell.integer()) < IntegerEncoder.MAX_EXACT
              ? put((double) cell.integer(), Verdict.EXACT, out)
              : PRECISION;
      case REAL -> put(cell.real(), Verdict.EXACT, out);
      case TEXT -> text(cell.ascii(), out);
      case BLOB, NULL -> WRONG_STORAGE;
    };
  }

  private Verdict text(String text, RowBuffer out) {
    if (DECIMAL.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      return Double.isInfinite(value) ? RANGE : put(value, TEXT, out);
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> put(Double.NaN, TEXT, out);
      case "inf", "+inf", "infinity", "+infinity" -> put(Double.POSITIVE_INFINITY, TEXT, out);
      case "-inf", "-infinity" -> put(Double.NEGATIVE_INFINITY, TEXT, out);
      default -> NOT_NUMERIC;
    };
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
