package dev.wharfinger.runner.transfer.codec;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** uuid: 16 bytes in network order, 32 hexadecimal digits, and the usual ways to write them. */
record UuidEncoder() implements ValueEncoder {
  private static final Pattern DASHED =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern PLAIN = Pattern.compile("[0-9a-fA-F]{32}");
  private static final Verdict TEXT = Verdict.normalised("text-to-uuid");
  private static final Verdict NO_UUID = Verdict.rejected("text-is-no-uuid");
  private static final Verdict NUMBER = Verdict.rejected("number-in-uuid-column");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case BLOB -> {
        if (cell.bytes().length == 16) {
          out.field(cell.bytes());
          yield Verdict.EXACT;
        }
        yield text(cell.ascii(), out);
      }
      case TEXT -> text(cell.ascii(), out);
      // Numeric affinity made a number of the text: what stood there cannot be known any more.
      case INTEGER, REAL -> NUMBER;
      case NULL -> WRONG_STORAGE;
    };
  }

  private static Verdict text(String given, RowBuffer out) {
    String text = given;
    if (text.toLowerCase(Locale.ROOT).startsWith("urn:uuid:")) {
      text = text.substring(9);
    } else if (text.startsWith("{") && text.endsWith("}")) {
      text = text.substring(1, text.length() - 1);
    }
    if (DASHED.matcher(text).matches()) {
      text = text.replace("-", "");
    } else if (!PLAIN.matcher(text).matches()) {
      return NO_UUID;
    }
    out.field(HexFormat.of().parseHex(text));
    return TEXT;
  }
}
