package dev.wharfinger.runner.transfer.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Elements of an array which could be written in more than one way; only what is certain counts.
 */
final class ElementEncoder {
  private static final Verdict BYTES = Verdict.rejected("bytes-element-ambiguous");
  private static final Pattern HEX = Pattern.compile("\\\\x([0-9a-fA-F]{2})*");

  private ElementEncoder() {}

  /** bytea as PostgreSQL writes it; base64, hexadecimal digits and plain text look alike. */
  static Verdict bytes(Cell cell, RowBuffer out) {
    String text = cell.ascii();
    if (cell.storage() != Storage.TEXT || !HEX.matcher(text).matches()) {
      return BYTES;
    }
    out.field(HexFormat.of().parseHex(text.substring(2).toLowerCase(Locale.ROOT)));
    return Verdict.EXACT;
  }

  /**
   * A document that is an element of a JSON array. A text that is itself JSON may be a document or
   * the text of one, and null may be JSON's or SQL's: null for both.
   */
  static @Nullable Cell document(JsonNode node) {
    boolean ambiguous = node.isNull() || (node.isTextual() && json(node.textValue()));
    String text = node.toString();
    return ambiguous || !whole(text) ? null : new Cell().setText(text);
  }

  /** Whether no half of a character stands alone, for which UTF-8 has no bytes. */
  static boolean whole(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text);
  }

  private static boolean json(String text) {
    try {
      Json.check(text);
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
