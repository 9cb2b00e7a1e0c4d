package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Verdict;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A numeric.
 *
 * @param name its name
 * @param form how it is stored
 */
public record NumericFormat(String name, Form form) implements Format {
  private static final Verdict SPECIAL = Verdict.rejected("not-a-number");
  private static final BigInteger BASE = BigInteger.valueOf(10000);

  enum Form {
    /** A whole number as INTEGER, any other as REAL. */
    NUMBER,
    REAL,
    /** With as many digits after the point as PostgreSQL shows. */
    TEXT,
    /** Without zeros at the end. */
    SHORT_TEXT
  }

  @Override
  public Verdict cell(Field field, Cell cell) {
    if ((field.shortAt(4) & 0x8000) != 0) {
      return SPECIAL;
    }
    BigDecimal value = value(field);
    switch (form) {
      case TEXT -> cell.setText(value.toPlainString());
      case SHORT_TEXT ->
          cell.setText(value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString());
      case NUMBER, REAL -> {
        BigDecimal bare = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        boolean whole = bare.scale() <= 0 && bare.precision() - (long) bare.scale() <= 19;
        if (whole && form == Form.NUMBER && bare.toBigInteger().bitLength() < 64) {
          cell.setInteger(bare.longValueExact());
        } else {
          cell.setReal(value.doubleValue());
        }
      }
    }
    return Verdict.EXACT;
  }

  /** A text that is the same exactly where two numbers are. */
  public static String canonical(Field field) {
    if ((field.shortAt(4) & 0x8000) != 0) {
      return "special " + field.shortAt(4);
    }
    BigDecimal value = value(field);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
  }

  /** The number itself, with its digits after the point. */
  public static BigDecimal value(Field field) {
    int groups = field.shortAt(0);
    BigInteger all = BigInteger.ZERO;
    for (int i = 0; i < groups; i++) {
      all = all.multiply(BASE).add(BigInteger.valueOf(field.shortAt(8 + 2 * i)));
    }
    if (field.shortAt(4) == 0x4000) {
      all = all.negate();
    }
    int exponent = field.shortAt(2) + 1 - groups;
    return new BigDecimal(all).scaleByPowerOfTen(4 * exponent).setScale(field.shortAt(6));
  }
}
