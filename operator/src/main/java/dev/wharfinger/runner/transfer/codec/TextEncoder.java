package dev.wharfinger.runner.transfer.codec;

import java.nio.charset.StandardCharsets;

/**
 * text, varchar, bpchar and citext.
 *
 * @param limit most code points; 0 for any number
 * @param padded whether the type pads with blanks up to the limit, as char(n) does
 */
record TextEncoder(int limit, boolean padded) implements ValueEncoder {
  private static final Verdict INTEGER = Verdict.normalised("integer-to-text");
  private static final Verdict REAL = Verdict.normalised("real-to-shortest-text");
  private static final Verdict BLOB = Verdict.normalised("bytes-to-text");
  private static final Verdict PADDED = Verdict.normalised("padded-with-blanks");
  private static final Verdict NUL = Verdict.rejected("nul-character-in-text");
  private static final Verdict INVALID = Verdict.rejected("text-is-not-utf-8");
  private static final Verdict TOO_LONG = Verdict.rejected("text-longer-than-column");
  private static final Verdict INFINITE = Verdict.rejected("infinity-in-text");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case TEXT -> put(cell.bytes(), Verdict.EXACT, out);
      case INTEGER -> put(ascii(Long.toString(cell.integer())), INTEGER, out);
      case REAL ->
          Double.isInfinite(cell.real())
              ? INFINITE
              : put(ascii(Double.toString(cell.real())), REAL, out);
      case BLOB -> put(cell.bytes(), BLOB, out);
      case NULL -> WRONG_STORAGE;
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private Verdict put(byte[] bytes, Verdict verdict, RowBuffer out) {
    int length = Utf8.length(bytes);
    if (length < 0) {
      return length == Utf8.NUL ? NUL : INVALID;
    }
    if (limit > 0 && length > limit) {
      return TOO_LONG;
    }
    if (padded && length < limit) {
      out.putInt(bytes.length + limit - length);
      out.putBytes(bytes);
      for (int i = length; i < limit; i++) {
        out.putByte(' ');
      }
      return verdict == Verdict.EXACT ? PADDED : verdict;
    }
    out.field(bytes);
    return verdict;
  }
}
