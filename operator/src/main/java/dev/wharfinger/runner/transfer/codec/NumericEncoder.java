package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/**
 * numeric, in the very form PostgreSQL gives back: base 10000, no zero groups at the ends, as many
 * digits after the point as the type or the value says.
 *
 * @param precision most digits; 0 where the type names none
 * @param scale digits after the point; of no meaning where precision is 0
 */
record NumericEncoder(int precision, int scale) implements ValueEncoder {
  static final int MAX_SCALE = 16383;
  private static final int MAX_WHOLE_DIGITS = 131072;
  private static final long NAN = 0xC000;
  private static final long INFINITY = 0xD000;
  private static final long MINUS_INFINITY = 0xF000;
  private static final BigInteger BASE = BigInteger.valueOf(10000);
  private static final Verdict REAL = Verdict.normalised("real-to-shortest-decimal");
  private static final Verdict SPECIAL = Verdict.normalised("text-to-not-a-number");
  private static final Verdict RANGE = Verdict.rejected("numeric-out-of-range");
  private static final Verdict SCALE = Verdict.rejected("numeric-digits-lost");
  private static final Verdict NOT_NUMERIC = Verdict.rejected("text-is-no-number");

  /** For a type modifier as in the catalogue; -1 where the type names no precision. */
  static NumericEncoder of(int typmod) {
    if (typmod < 4) {
      return new NumericEncoder(0, 0);
    }
    int low = (typmod - 4) & 0x7ff;
    return new NumericEncoder(((typmod - 4) >> 16) & 0xffff, low >= 1024 ? low - 2048 : low);
  }

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case INTEGER -> put(BigDecimal.valueOf(cell.integer()), Verdict.EXACT, out);
      case REAL ->
          Double.isInfinite(cell.real())
              ? special(cell.real() > 0 ? INFINITY : MINUS_INFINITY, out)
              : put(
                  new BigDecimal(Double.toString(cell.real())),
                  FloatEncoder.belowZero(cell.real()) ? NO_SIGN : REAL,
                  out);
      case TEXT -> text(cell.ascii(), out);
      case BLOB, NULL -> WRONG_STORAGE;
    };
  }

  private Verdict text(String text, RowBuffer out) {
    if (FloatEncoder.DECIMAL.matcher(text).matches()) {
      BigDecimal value = new BigDecimal(text);
      boolean sign = value.signum() == 0 && text.startsWith("-");
      return put(value, sign ? NO_SIGN : Verdict.EXACT, out);
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> special(NAN, out);
      case "inf", "+inf", "infinity", "+infinity" -> special(INFINITY, out);
      case "-inf", "-infinity" -> special(MINUS_INFINITY, out);
      default -> NOT_NUMERIC;
    };
  }

  /** What is no number of digits; a type that names its digits has no infinity. */
  private Verdict special(long sign, RowBuffer out) {
    if (sign != NAN && precision > 0) {
      return RANGE;
    }
    // The server sends an infinity with this scale, out of the bits of its flags.
    out.fieldLong(sign << 16 | (sign == NAN ? 0 : 32));
    return SPECIAL;
  }

  private Verdict put(BigDecimal given, Verdict verdict, RowBuffer out) {
    BigDecimal value = given;
    if (value.signum() != 0 && value.precision() - (long) value.scale() > MAX_WHOLE_DIGITS) {
      return RANGE;
    }
    if (precision > 0) {
      try {
        value = value.setScale(scale);
      } catch (ArithmeticException e) {
        return SCALE;
      }
      if (value.precision() > precision && value.signum() != 0) {
        return RANGE;
      }
    }
    if (value.scale() < 0) {
      value = value.setScale(0);
    } else if (value.scale() > MAX_SCALE) {
      return SCALE;
    }
    write(value, out);
    return verdict;
  }

  private static void write(BigDecimal value, RowBuffer out) {
    int pad = (4 - value.scale() % 4) % 4;
    int fractionGroups = (value.scale() + pad) / 4;
    BigInteger rest = value.unscaledValue().abs().multiply(BigInteger.TEN.pow(pad));
    short[] groups = new short[rest.bitLength() / 13 + 2];
    int count = 0;
    while (rest.bitLength() > 63) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      groups[count++] = parts[1].shortValue();
      rest = parts[0];
    }
    for (long small = rest.longValue(); small > 0; small /= 10000) {
      groups[count++] = (short) (small % 10000);
    }
    int first = 0;
    while (first < count && groups[first] == 0) {
      first++;
    }
    int digits = count - first;
    out.putInt(8 + 2 * digits);
    out.putShort(digits);
    out.putShort(digits == 0 ? 0 : count - 1 - fractionGroups);
    out.putShort(value.signum() < 0 ? 0x4000 : 0);
    out.putShort(value.scale());
    for (int i = count - 1; i >= first; i--) {
      out.putShort(groups[i]);
    }
  }
}
