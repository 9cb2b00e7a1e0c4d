package dev.wharfinger.runner.schema;

import java.sql.SQLException;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What Flyway says when it ends badly, as a line for a status. */
final class FailureWords {
  private static final int LONGEST = 700;

  /** What says nothing to a person, or what the first line has said. */
  private static final Pattern TECHNICAL =
      Pattern.compile("^(SQL State\\s*:\\s*null|Error Code\\s*:.*|Location\\s*:.*)$");

  /** PostgreSQL tells rows in details and hints of its errors; they are for the log only. */
  private static final Pattern ROWS =
      Pattern.compile("^\\s*(Detail|Hint|Where|Internal Query|Statement)\\s*:.*");

  /** What comes after them; a row may have several lines. */
  private static final Pattern LABEL =
      Pattern.compile("^(SQL State|Error Code|Message|Location|Line)\\s*:.*");

  /** Errors about a value, and those that the files make themselves: both quote what they like. */
  private static final Pattern QUOTING =
      Pattern.compile("(?m)^\\s*SQL State\\s*:\\s*(22\\w{3}|P0001)\\s*$");

  private static final Pattern RULER = Pattern.compile("^-+$");

  private FailureWords() {}

  /** The reason in words, without rows, and shortened at its end. */
  static String of(Throwable failure) {
    StringJoiner words = new StringJoiner("; ");
    boolean rows = false;
    boolean quoting = QUOTING.matcher(String.valueOf(failure.getMessage())).find();
    for (String raw : String.valueOf(failure.getMessage()).lines().toList()) {
      String text = raw.strip();
      rows =
          ROWS.matcher(text).matches()
              || quoting && text.startsWith("Message")
              || rows && !LABEL.matcher(text).matches();
      if (!rows
          && !text.isEmpty()
          && !RULER.matcher(text).matches()
          && !TECHNICAL.matcher(text).matches()) {
        words.add(text.replaceFirst("^Message\\s*:\\s*", "").replaceAll("\\s+", " "));
      }
    }
    String line = words.toString();
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }

  /**
   * Whether it may be over in a while: the database is away, has no connection left, or somebody
   * holds a lock. All else is for somebody to mend.
   */
  static boolean mayPass(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        int code = sqlite.getResultCode().code & 0xff;
        return code == SQLiteErrorCode.SQLITE_BUSY.code
            || code == SQLiteErrorCode.SQLITE_LOCKED.code;
      }
      if (cause instanceof SQLException sql) {
        return passing(sql.getSQLState());
      }
    }
    return failure instanceof FlywayException
        && String.valueOf(failure.getMessage()).contains("Number of retries exceeded");
  }

  private static boolean passing(@Nullable String state) {
    return state != null
        && (state.startsWith("08")
            || state.startsWith("40")
            || state.startsWith("53")
            || state.startsWith("57P")
            || state.equals("55P03")
            || state.equals("25006"));
  }
}
