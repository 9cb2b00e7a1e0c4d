package dev.wharfinger.runner.transfer.codec;

import java.util.Locale;

/** boolean. */
record BooleanEncoder() implements ValueEncoder {
  private static final Verdict NOT_BOOLEAN = Verdict.rejected("number-is-no-boolean");
  private static final Verdict REAL = Verdict.normalised("real-to-boolean");
  private static final Verdict WORD = Verdict.normalised("word-to-boolean");
  private static final Verdict NO_WORD = Verdict.rejected("text-is-no-boolean");
  private static final Verdict BYTE = Verdict.normalised("byte-to-boolean");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case INTEGER ->
          cell.integer() == 0 || cell.integer() == 1
              ? put(cell.integer() == 1, Verdict.EXACT, out)
              : NOT_BOOLEAN;
      case REAL ->
          cell.real() == 0 || cell.real() == 1 ? put(cell.real() == 1, REAL, out) : NOT_BOOLEAN;
      case TEXT ->
          switch (cell.ascii().toLowerCase(Locale.ROOT)) {
            case "t", "true", "y", "yes", "on", "1" -> put(true, WORD, out);
            case "f", "false", "n", "no", "off", "0" -> put(false, WORD, out);
            default -> NO_WORD;
          };
      case BLOB ->
          cell.bytes().length == 1 && (cell.bytes()[0] & 0xfe) == 0
              ? put(cell.bytes()[0] == 1, BYTE, out)
              : WRONG_STORAGE;
      case NULL -> WRONG_STORAGE;
    };
  }

  private static Verdict put(boolean value, Verdict verdict, RowBuffer out) {
    out.putInt(1);
    out.putByte(value ? 1 : 0);
    return verdict;
  }
}
