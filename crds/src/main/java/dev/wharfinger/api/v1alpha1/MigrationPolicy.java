package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What shall become of values or rows that PostgreSQL would not take as they are. Without a policy
 * nothing is moved.
 *
 * @param kind what it is about
 * @param table a table of the source; default: all
 * @param column a column of it; default: all
 * @param choice what shall be done
 */
@ValidationRule(
    value = "!has(self.column) || has(self.table)",
    fieldPath = ".column",
    message = "a policy for a column names its table too: set table")
@ValidationRule(
    value = MigrationPolicy.CHOICES,
    fieldPath = ".choice",
    message =
        "this kind of policy knows no such choice; docs/transfer-command.md lists them, and fail is always one")
public record MigrationPolicy(
    @JsonPropertyDescription("What the policy is about.") @Required @Nullable Kind kind,
    @JsonPropertyDescription("A table of the SQLite file. Default: every table.")
        @Size(min = 1, max = 255)
        @Nullable String table,
    @JsonPropertyDescription("A column of that table. Default: every column.")
        @Size(min = 1, max = 255)
        @Nullable String column,
    @JsonPropertyDescription(
            "What shall be done. fail, the default of every kind, refuses the move; quarantine"
                + " leaves the row out of its table and keeps it in wharfinger.quarantine.")
        @Required
        @Size(min = 1, max = 64)
        @Pattern("[A-Za-z0-9_+/-]+")
        String choice) {
  static final String CHOICES =
      "self.choice == 'fail' || (self.kind == 'source-time-zone' ? self.choice.contains('/') ||"
          + " self.choice == 'UTC' : (self.choice == 'quarantine' && !(self.kind in ['quarantine', 'revisions', 'missing-in-target'])) ||"
          + " self.choice in {'quarantine': ['rows'],"
          + " 'nul-in-text': ['strip', 'replace'], 'invalid-utf-8': ['latin1', 'replace'],"
          + " 'bytes-in-text': ['hex', 'base64'], 'invalid-json': ['string'],"
          + " 'json-not-a-number': ['null', 'string'], 'json-duplicate-key': ['last'],"
          + " 'hstore-duplicate-key': ['last'],"
          + " 'nul-in-jsonb': ['strip', 'replace'], 'boolean-number': ['nonzero-is-true'],"
          + " 'inexact-number': ['allow'], 'time-precision': ['round'], 'zero-date': ['null'],"
          + " 'empty-text': ['zero'], 'orphans': ['null', 'delete'], 'revisions': ['ignore'], 'missing-in-target': ['ignore'],"
          + " 'epoch-unit': ['seconds', 'milliseconds', 'microseconds', 'nanoseconds',"
          + " 'julian-days']}[self.kind])";

  /** What a policy is about. */
  public enum Kind {
    @JsonProperty("nul-in-text")
    NUL_IN_TEXT("nul-in-text"),
    @JsonProperty("invalid-utf-8")
    INVALID_UTF_8("invalid-utf-8"),
    @JsonProperty("bytes-in-text")
    BYTES_IN_TEXT("bytes-in-text"),
    @JsonProperty("invalid-json")
    INVALID_JSON("invalid-json"),
    @JsonProperty("json-not-a-number")
    JSON_NOT_A_NUMBER("json-not-a-number"),
    @JsonProperty("json-duplicate-key")
    JSON_DUPLICATE_KEY("json-duplicate-key"),
    @JsonProperty("hstore-duplicate-key")
    HSTORE_DUPLICATE_KEY("hstore-duplicate-key"),
    @JsonProperty("nul-in-jsonb")
    NUL_IN_JSONB("nul-in-jsonb"),
    @JsonProperty("boolean-number")
    BOOLEAN_NUMBER("boolean-number"),
    @JsonProperty("inexact-number")
    INEXACT_NUMBER("inexact-number"),
    @JsonProperty("time-precision")
    TIME_PRECISION("time-precision"),
    @JsonProperty("zero-date")
    ZERO_DATE("zero-date"),
    @JsonProperty("empty-text")
    EMPTY_TEXT("empty-text"),
    @JsonProperty("epoch-unit")
    EPOCH_UNIT("epoch-unit"),
    @JsonProperty("source-time-zone")
    SOURCE_TIME_ZONE("source-time-zone"),
    @JsonProperty("orphans")
    ORPHANS("orphans"),
    @JsonProperty("revisions")
    REVISIONS("revisions"),
    @JsonProperty("missing-in-target")
    MISSING_IN_TARGET("missing-in-target"),
    @JsonProperty("quarantine")
    QUARANTINE("quarantine");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word used in YAML. */
    public String word() {
      return word;
    }

    /**
     * Reads the word used in YAML. A word of a newer version reads as null, so that one resource
     * cannot stop the informer for all the others.
     */
    @JsonCreator
    public static @Nullable Kind of(@Nullable String value) {
      for (Kind kind : values()) {
        if (kind.word.equals(value)) {
          return kind;
        }
      }
      return null;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * As the runner's command line takes it: {@code KIND[@TABLE[.COLUMN]]=CHOICE}. Empty for a kind
   * of a newer version: without it, what it is about is refused.
   */
  public Optional<String> argument() {
    String where = table == null ? "" : column == null ? "@" + table : "@" + table + "." + column;
    return Optional.ofNullable(kind).map(known -> known.word() + where + "=" + choice);
  }
}
