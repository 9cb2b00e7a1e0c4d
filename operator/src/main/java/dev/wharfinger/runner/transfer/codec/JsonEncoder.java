package dev.wharfinger.runner.transfer.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * json and jsonb. json keeps the bytes; jsonb keeps the document, so what it would change (keys
 * given twice) or cannot hold (the character U+0000) is rejected.
 *
 * @param binary whether the target is jsonb
 * @param lastKeyWins whether of a key given twice the last is taken, as jsonb does
 */
record JsonEncoder(boolean binary, boolean lastKeyWins) implements ValueEncoder {
  private static final Verdict NORMAL = Verdict.normalised("json-document-kept-not-its-spelling");
  private static final Verdict BYTES = Verdict.normalised("bytes-to-json");
  private static final Verdict INVALID = Verdict.rejected("text-is-no-json");
  private static final Verdict NOT_UTF8 = Verdict.rejected("text-is-not-utf-8");
  private static final Verdict NUL = Verdict.rejected("nul-character-in-jsonb");
  private static final Verdict SURROGATE = Verdict.rejected("lone-surrogate-in-jsonb");
  private static final Verdict RANGE = Verdict.rejected("json-number-out-of-range");
  private static final Verdict NOT_A_NUMBER = Verdict.rejected("not-a-number-in-json");
  private static final Verdict AMBIGUOUS = Verdict.rejected("json-bytes-ambiguous");
  private static final Verdict LAST_KEY = Verdict.chosen(PolicyKind.JSON_DUPLICATE_KEY);
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
              : put(
                  ascii(Double.toString(cell.real())),
                  binary && FloatEncoder.belowZero(cell.real()) ? NO_SIGN : Verdict.EXACT,
                  out);
      case TEXT -> checked(cell.bytes(), binary ? NORMAL : Verdict.EXACT, out);
      case BLOB -> JsonText.ambiguous(cell.bytes()) ? AMBIGUOUS : checked(cell.bytes(), BYTES, out);
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
      Verdict problem = problem(text);
      boolean sign = problem == null && binary && Json.negativeZero(text);
      return problem == null ? put(bytes, sign ? NO_SIGN : verdict, out) : problem;
    } catch (JsonProcessingException e) {
      boolean twice = binary && String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
      if (twice && lastKeyWins) {
        return put(bytes, LAST_KEY, out);
      }
      return twice ? DUPLICATE : finite(text) ? INVALID : NOT_A_NUMBER;
    } catch (ArithmeticException | NumberFormatException e) {
      return RANGE;
    }
  }

  private @Nullable Verdict problem(String text) throws JsonProcessingException {
    if (!binary) {
      Json.check(text);
      return null;
    }
    Verdict problem = problem(Json.parse(text, false));
    if (problem == null) {
      Json.parse(text, true);
    }
    return problem;
  }

  /** Whether it is not only for NaN or an infinity that a text is no JSON. */
  private static boolean finite(String text) {
    String changed = JsonText.finite(text, word -> "0");
    if (changed.equals(text)) {
      return true;
    }
    try {
      Json.check(changed);
      return false;
    } catch (JsonProcessingException e) {
      return true;
    }
  }

  private static @Nullable Verdict problem(JsonNode node) {
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

  private static @Nullable Verdict text(String text) {
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
