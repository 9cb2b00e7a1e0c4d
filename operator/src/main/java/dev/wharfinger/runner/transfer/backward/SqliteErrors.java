package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Verdict;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite says to a row. */
final class SqliteErrors {
  private static final Pattern PLACE = Pattern.compile("(?:constraint failed:|column) (.+)\\)$");
  private static final Verdict NULL = Verdict.rejected("null-in-not-null-column");
  private static final Verdict CHECK = Verdict.rejected("check-violated");
  private static final Verdict DUPLICATE = Verdict.rejected("duplicate-key");
  private static final Verdict LONG = Verdict.rejected("value-longer-than-sqlite-takes");
  private static final Verdict TYPE = Verdict.rejected("type-does-not-fit");

  private SqliteErrors() {}

  /** The rule that a row or an index breaks; throws the error itself where it is another one. */
  static String rule(SQLException error) throws SQLException {
    if (!(error instanceof SQLiteException sqlite)) {
      throw error;
    }
    return switch (sqlite.getResultCode()) {
      case SQLITE_CONSTRAINT_NOTNULL -> NULL.rule();
      case SQLITE_CONSTRAINT_CHECK -> CHECK.rule();
      case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID ->
          DUPLICATE.rule();
      case SQLITE_TOOBIG -> LONG.rule();
      case SQLITE_MISMATCH -> TYPE.rule();
      default -> {
        if ((sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
          yield TYPE.rule();
        }
        throw error;
      }
    };
  }

  /** Whether the file, not the statement, is to blame. */
  static boolean damage(SQLException error) {
    return !(error instanceof SQLiteException sqlite)
        || sqlite.getResultCode() != SQLiteErrorCode.SQLITE_ERROR;
  }

  /** Whether there is no room, on the disk or in what the file may take of it. */
  static boolean full(SQLException error) {
    return error instanceof SQLiteException sqlite
        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
  }

  /** An error of a statement that holds no row. */
  static String brief(SQLException error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
  }

  /** The columns or the constraint that SQLite names; it never names a value. */
  static String place(SQLException error, String table) {
    Matcher named = PLACE.matcher(String.valueOf(error.getMessage()));
    return named.find() ? named.group(1).replace(table + ".", "") : "";
  }
}
