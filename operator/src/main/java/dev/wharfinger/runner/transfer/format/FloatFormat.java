package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Verdict;

/**
 * A floating point number. SQLite knows infinity, and makes NULL of what is not a number.
 *
 * @param name its name
 * @param single whether PostgreSQL keeps four bytes
 * @param form how it is stored
 */
record FloatFormat(String name, boolean single, Form form) implements Format {
  private static final Verdict SPECIAL = Verdict.rejected("not-a-number");

  enum Form {
    REAL,
    /** A whole number as INTEGER. */
    WHOLE,
    TEXT
  }

  @Override
  public Verdict cell(Field field, Cell cell) {
    double value =
        single
            ? Float.intBitsToFloat((int) field.number())
            : Double.longBitsToDouble(field.number());
    if (Double.isNaN(value)) {
      return SPECIAL;
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 0x1p53;
    if (form == Form.TEXT) {
      cell.setText(Double.toString(value));
    } else if (form == Form.WHOLE && whole) {
      cell.setInteger((long) value);
    } else {
      cell.setReal(value);
    }
    return Verdict.EXACT;
  }
}
