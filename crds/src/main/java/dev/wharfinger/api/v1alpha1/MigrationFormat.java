package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * In which format a column is written on the way back to SQLite, where the file's own values do not
 * tell.
 *
 * @param table a table of the SQLite file; default, without a column: all columns that know the
 *     format
 * @param column a column of it
 * @param format one of those of docs/transfer-command.md
 */
@ValidationRule(
    value = "has(self.table) == has(self.column)",
    fieldPath = ".column",
    message =
        "a format is for one column or for all that know it: set table and column, or neither")
@ValidationRule(
    value = "self.format.matches(r'^(" + MigrationFormat.KNOWN + ")$')",
    fieldPath = ".format",
    message =
        "there is no such format: docs/transfer-command.md lists them, majority is that of most values of the file")
public record MigrationFormat(
    @JsonPropertyDescription(
            "A table of the SQLite file. Default, without a column: every column that knows the"
                + " format.")
        @Size(min = 1, max = 255)
        @Pattern("^[^=]+$")
        @Nullable String table,
    @JsonPropertyDescription("A column of that table.")
        @Size(min = 1, max = 255)
        @Pattern("^[^=]+$")
        @Nullable String column,
    @JsonPropertyDescription(
            "How the values are written, for example YYYY-MM-DD HH:MM:SS or uuid-32. majority: as"
                + " most values of the file are.")
        @Required
        @Size(min = 1, max = 64)
        String format) {
  private static final String SECONDS =
      "HH:MM(:SS(\\.fff(fff(fff)?)?|\\[\\.f(ff|fffff|ffffff)?\\])?)?";

  /** All names of formats, as a regular expression of RE2 and of Java. */
  public static final String KNOWN =
      "YYYY-MM-DD([ T]"
          + SECONDS
          + "(Z|\\+00:00|\\+00|\\+0000| UTC| \\+00:00| \\+0000 UTC)?)?|(2000-01-01 )?"
          + SECONDS
          + "|epoch-(seconds|milliseconds|microseconds|nanoseconds|seconds-real|date)|julian-day"
          + "|microseconds|milliseconds|seconds|\\[d\\.\\]HH:MM:SS\\[\\.fffffff\\]"
          + "|uuid-(36|32)(-upper)?|uuid-bytes|(text-|real-|byte-)?0/1|false/true|False/True"
          + "|FALSE/TRUE|f/t|F/T|n/y|N/Y|no/yes|off/on|label|upper-case|lower-case"
          + "|(spaced|compact)(-ascii)?|text|text-without-zeros|number|bytes|integer|real"
          + "|integer-if-whole|padded|trimmed|json|majority";

  /** As the runner's command line takes it: {@code TABLE.COLUMN=FORMAT}, or {@code *=FORMAT}. */
  public String argument() {
    return (table == null || column == null ? "*" : table + "." + column) + "=" + format;
  }
}
