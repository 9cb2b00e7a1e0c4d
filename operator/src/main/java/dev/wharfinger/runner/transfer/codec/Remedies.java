package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was chosen to happen to a value that was rejected: another value in its place, which has to
 * pass like any other.
 *
 * @param type the column's type
 * @param choices what was chosen
 */
record Remedies(TargetType type, Choices choices) {
  private static final String REPLACEMENT = "\uFFFD";

  /** The kind that decides about a rule; null where nobody can decide anything. */
  private static @Nullable PolicyKind kind(String rule, Storage storage) {
    boolean bytes = storage == Storage.BLOB;
    return switch (rule) {
      case "nul-character-in-text" -> bytes ? PolicyKind.BYTES_IN_TEXT : PolicyKind.NUL_IN_TEXT;
      case "text-is-not-utf-8" -> bytes ? PolicyKind.BYTES_IN_TEXT : PolicyKind.INVALID_UTF_8;
      case "text-is-no-json" -> PolicyKind.INVALID_JSON;
      case "not-a-number-in-json", "infinity-in-json" -> PolicyKind.JSON_NOT_A_NUMBER;
      case "nul-character-in-jsonb" -> PolicyKind.NUL_IN_JSONB;
      case "number-is-no-boolean" -> PolicyKind.BOOLEAN_NUMBER;
      case "float-precision-lost", "numeric-digits-lost" -> PolicyKind.INEXACT_NUMBER;
      case "text-is-no-time" -> PolicyKind.ZERO_DATE;
      case "time-precision-lost" -> PolicyKind.TIME_PRECISION;
      case "epoch-unit-ambiguous" -> PolicyKind.EPOCH_UNIT;
      case "duplicate-key-in-jsonb" -> PolicyKind.JSON_DUPLICATE_KEY;
      case "duplicate-key-in-hstore" -> PolicyKind.HSTORE_DUPLICATE_KEY;
      case "empty-text-in-not-null-column" -> PolicyKind.EMPTY_TEXT;
      default -> null;
    };
  }

  /** Whether the row of a rejected value is kept aside. What is wrong with a column is not. */
  boolean quarantines(String rule, Cell cell) {
    PolicyKind kind = kind(rule, cell.storage());
    return !rule.equals("target-type-not-supported")
        && choices.quarantines(kind == PolicyKind.ZERO_DATE && !zeroDate(cell) ? null : kind);
  }

  private static boolean zeroDate(Cell cell) {
    return cell.ascii().startsWith("0000-00-00");
  }

  /**
   * Puts another value in the place of a rejected one.
   *
   * @param cell the value; changed where there is a remedy
   * @return what was decided; null where nothing was, or it does not help
   */
  @Nullable Verdict remedy(String rule, Cell cell) {
    PolicyKind kind = kind(rule, cell.storage());
    if (kind == null) {
      return null;
    }
    String choice = choices.get(kind).orElse("");
    return !choice.isEmpty() && change(kind, choice, cell) ? Verdict.chosen(kind) : null;
  }

  /**
   * Writes bytes as text, all of a column in one way or none: valid text among hexadecimal digits
   * could not be told from them.
   */
  @Nullable Verdict bytesAsText(Cell cell) {
    if (cell.storage() != Storage.BLOB || !type.characters()) {
      return null;
    }
    String choice = choices.get(PolicyKind.BYTES_IN_TEXT).orElse("");
    if (choice.isEmpty()) {
      return null;
    }
    cell.setText(
        choice.equals("hex")
            ? HexFormat.of().formatHex(cell.bytes())
            : Base64.getEncoder().encodeToString(cell.bytes()));
    return Verdict.chosen(PolicyKind.BYTES_IN_TEXT);
  }

  private boolean change(PolicyKind kind, String choice, Cell cell) {
    String text = new String(cell.bytes(), StandardCharsets.UTF_8);
    String by = choice.equals("replace") ? REPLACEMENT : "";
    switch (kind) {
      case NUL_IN_TEXT -> cell.setText(text.replace("\0", by));
      case INVALID_UTF_8 ->
          cell.setText(
              choice.equals("latin1")
                  ? new String(cell.bytes(), StandardCharsets.ISO_8859_1)
                  : text);
      case INVALID_JSON -> cell.setText(JsonText.quoted(text));
      case JSON_NOT_A_NUMBER -> json(choice, cell, text);
      case HSTORE_DUPLICATE_KEY -> cell.setText(Hstore.of(text).orElseThrow().last());
      case NUL_IN_JSONB -> cell.setText(JsonText.withoutNul(text, by));
      case BOOLEAN_NUMBER -> cell.setInteger(1);
      case INEXACT_NUMBER -> {
        return number(cell);
      }
      case ZERO_DATE -> {
        boolean zero = zeroDate(cell);
        cell.set(zero ? new Cell().setNull() : cell);
        return zero;
      }
      case EMPTY_TEXT -> {
        boolean zero = type.name().matches("int[248]|float[48]|numeric|bool");
        cell.set(zero ? new Cell().setInteger(0) : cell);
        return zero;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void json(String choice, Cell cell, String text) {
    String given =
        cell.storage() != Storage.REAL ? text : cell.real() > 0 ? "Infinity" : "-Infinity";
    cell.setText(
        JsonText.finite(given, word -> choice.equals("null") ? "null" : "\"" + word + "\""));
  }

  /** The nearest number that the type holds. */
  private boolean number(Cell cell) {
    String text =
        switch (cell.storage()) {
          case INTEGER -> Long.toString(cell.integer());
          case REAL -> Double.toString(cell.real());
          default -> cell.ascii().toLowerCase(Locale.ROOT);
        };
    if (type.name().equals("numeric") || type.name().equals("money")) {
      int scale = type.typmod() < 0 ? NumericEncoder.MAX_SCALE : type.scale();
      cell.setText(new BigDecimal(text).setScale(scale, RoundingMode.HALF_UP).toString());
      return true;
    }
    double nearest =
        type.name().equals("float4") ? Float.parseFloat(text) : Double.parseDouble(text);
    cell.setReal(nearest);
    return !Double.isInfinite(nearest);
  }
}
