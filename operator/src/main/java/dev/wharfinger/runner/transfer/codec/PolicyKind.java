package dev.wharfinger.runner.transfer.codec;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a person may decide where a value or a row cannot be moved as it is. Without a decision it
 * is {@code fail}: nothing is moved.
 */
public enum PolicyKind {
  NUL_IN_TEXT("nul-in-text", "strip", "replace"),
  INVALID_UTF_8("invalid-utf-8", "latin1", "replace"),
  BYTES_IN_TEXT("bytes-in-text", "hex", "base64"),
  INVALID_JSON("invalid-json", "string"),
  JSON_NOT_A_NUMBER("json-not-a-number", "null", "string"),
  JSON_DUPLICATE_KEY("json-duplicate-key", "last"),
  HSTORE_DUPLICATE_KEY("hstore-duplicate-key", "last"),
  NUL_IN_JSONB("nul-in-jsonb", "strip", "replace"),
  BOOLEAN_NUMBER("boolean-number", "nonzero-is-true"),
  INEXACT_NUMBER("inexact-number", "allow"),
  TIME_PRECISION("time-precision", "round"),
  ZERO_DATE("zero-date", "null"),
  EMPTY_TEXT("empty-text", "zero"),
  EPOCH_UNIT("epoch-unit", "seconds", "milliseconds", "microseconds", "nanoseconds", "julian-days"),
  /** Any zone that Java knows. */
  SOURCE_TIME_ZONE("source-time-zone"),
  ORPHANS("orphans", "null", "delete"),
  REVISIONS("revisions", "ignore"),
  /** A table or column with data that the target has no place for stays behind. */
  MISSING_IN_TARGET("missing-in-target", "ignore"),
  /** Every row that would be refused, unless the kind of its trouble decides otherwise. */
  QUARANTINE("quarantine", "rows");

  /** The default everywhere. */
  public static final String FAIL = "fail";

  /** The row is kept aside, as it is; a choice of every kind that is about values or rows. */
  public static final String ASIDE = "quarantine";

  private final String word;
  private final List<String> choices;

  PolicyKind(String word, String... choices) {
    this.word = word;
    this.choices = List.of(choices);
  }

  /** As people write it. */
  public String word() {
    return word;
  }

  /** The kind of this word. */
  public static Optional<PolicyKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** What may be chosen, for people. */
  public String allowed() {
    return choices.isEmpty()
        ? "a time zone such as Europe/Berlin"
        : FAIL + ", " + String.join(", ", choices) + (aboutRows() ? ", " + ASIDE : "");
  }

  /** Whether this may be chosen. */
  public boolean allows(String choice) {
    if (choices.isEmpty()) {
      return choice.equals(FAIL) || zone(choice);
    }
    return choice.equals(FAIL) || choices.contains(choice) || (choice.equals(ASIDE) && aboutRows());
  }

  private boolean aboutRows() {
    return this != QUARANTINE && this != REVISIONS && this != MISSING_IN_TARGET;
  }

  private static boolean zone(String choice) {
    try {
      return !ZoneId.of(choice).getId().isEmpty();
    } catch (DateTimeException e) {
      return false;
    }
  }
}
