package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * int2, int4 and int8.
 *
 * @param width bytes: 2, 4 or 8
 * @param booleanWords whether every text of the column is {@code true} or {@code false}
 */
record IntegerEncoder(int width, boolean booleanWords) implements ValueEncoder {
  static final double MAX_EXACT = 1L << 53;
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,40}(\\.0{0,40})?");
  private static final Verdict RANGE = Verdict.rejected("integer-out-of-range");
  private static final Verdict REAL = Verdict.normalised("integral-real-to-integer");
  private static final Verdict FRACTION = Verdict.rejected("real-is-no-exact-integer");
  private static final Verdict TEXT = Verdict.normalised("text-to-integer");
  private static final Verdict NOT_NUMERIC = Verdict.rejected("text-is-no-integer");
  private static final Verdict WORD = Verdict.normalised("boolean-word-to-integer");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case INTEGER -> put(cell.integer(), Verdict.EXACT, out);
      case REAL -> {
        double real = cell.real();
        boolean exact = real == Math.rint(real) && Math.abs(real) <= MAX_EXACT;
        yield exact ? put((long) real, REAL, out) : FRACTION;
      }
      case TEXT -> text(cell, out);
      case BLOB, NULL -> WRONG_STORAGE;
    };
  }

  private Verdict text(Cell cell, RowBuffer out) {
    String text = cell.ascii();
    if (NUMBER.matcher(text).matches()) {
      BigDecimal value = new BigDecimal(text.endsWith(".") ? text + "0" : text);
      return value.toBigInteger().bitLength() > 63 ? RANGE : put(value.longValue(), TEXT, out);
    }
    if (booleanWords && text.equalsIgnoreCase("true")) {
      return put(1, WORD, out);
    }
    if (booleanWords && text.equalsIgnoreCase("false")) {
      return put(0, WORD, out);
    }
    return NOT_NUMERIC;
  }

  private Verdict put(long value, Verdict verdict, RowBuffer out) {
    long limit = width == 8 ? Long.MAX_VALUE : (1L << (8 * width - 1)) - 1;
    if (value > limit || value < -limit - 1) {
      return RANGE;
    }
    out.putInt(width);
    switch (width) {
      case 2 -> out.putShort((int) value);
      case 4 -> out.putInt((int) value);
      default -> out.putLong(value);
    }
    return verdict;
  }
}
