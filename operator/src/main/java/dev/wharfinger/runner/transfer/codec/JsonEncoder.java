package dev.wharfinger.runner.transfer.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * json and jsonb. json keeps the bytes; jsonb keeps the document, so what it would change (keys
 * given twice) or cannot hold (the character U+0000) is rejected.
 *
 * @param binary whether the target is jsonb
 */
record JsonEncoder(boolean binary) implements ValueEncoder {
  private static final Verdict NORMAL = Verdict.normalised("json-document-kept-not-its-spelling");
  private static final Verdict BYTES = Verdict.normalised("bytes-to-json");
  private static final Verdict INVALID = Verdict.rejected("text-is-no-json");
  private static final Verdict NOT_UTF8 = Verdict.rejected("text-is-not-utf-8");
  private static final Verdict NUL = Verdict.rejected("nul-character-in-jsonb");
  private static final Verdict SURROGATE = Verdict.rejected("lone-surrogate-in-jsonb");
  private static final Verdict RANGE = Verdict.rejected("json-number-out-of-range");
  private static final Verdict DUPLICATE = Verdict.rejected("duplicate-key-in-jsonb");
  private static final Verdict INFINITE = Verdict.rejected("infinity-in-json");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      // A column declared JSON has numeric affinity: a document that is a number became one.
      case INTEGER -> put(ascii(Long.toString(cell.integer())), Verdict.EXACT, out);
      case REAL ->
          Double.isInfinite(cell.real())
              ? INFINITE
              : put(ascii(Double.toString(cell.real())), Verdict.EXACT, out);
      case TEXT -> checked(cell.bytes(), binary ? NORMAL : Verdict.EXACT, out);
      case BLOB -> checked(cell.bytes(), BYTES, out);
      case NULL -> WRONG_STORAGE;
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private Verdict checked(byte[] bytes, Verdict verdict, RowBuffer out) {
    int length = Utf8.length(bytes);
    if (length < 0) {
      return length == Utf8.NUL ? INVALID : NOT_UTF8;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      JsonNode node = Json.parse(text, false);
      if (binary) {
        Verdict problem = problem(node);
        if (problem != null) {
          return problem;
        }
        Json.parse(text, true);
      }
    } catch (JsonProcessingException e) {
      return binary && String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")
          ? DUPLICATE
          : INVALID;
    }
    return put(bytes, verdict, out);
  }

  private static @org.jspecify.annotations.Nullable Verdict problem(JsonNode node) {
    if (node.isTextual()) {
      return text(node.textValue());
    }
    if (node.isNumber()) {
      BigDecimal value = node.decimalValue();
      return value.scale() > 16383 || value.precision() - (long) value.scale() > 131072
          ? RANGE
          : null;
    }
    if (node.isObject()) {
      for (var field : node.properties()) {
        Verdict problem = text(field.getKey());
        if (problem != null) {
          return problem;
        }
      }
    }
    for (JsonNode child : node) {
      Verdict problem = problem(child);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @org.jspecify.annotations.Nullable Verdict text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return NUL;
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return SURROGATE;
        }
        i++;
      }
    }
    return null;
  }

  private Verdict put(byte[] bytes, Verdict verdict, RowBuffer out) {
    out.putInt(bytes.length + (binary ? 1 : 0));
    if (binary) {
      out.putByte(1);
    }
    out.putBytes(bytes);
    return verdict;
  }
}
