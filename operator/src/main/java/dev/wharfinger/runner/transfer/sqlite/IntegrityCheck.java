package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * SQLite's own check of a database.
 *
 * @param problems what is damaged; empty for a sound file
 * @param unchecked tables that need a function or collation of the application, so only reading
 *     them will tell, and indexes that need its module
 * @param rules rules of the schema that rows break, as SQLite says it: sound, and known to SQLite
 */
public record IntegrityCheck(List<String> problems, List<String> unchecked, Set<String> rules) {
  private static final int MOST = 20;
  private static final String CHECK = "CHECK constraint failed in ";

  /** Rows that SQLite let in when it was told to, or before the rule was there. */
  private static final Pattern LET_IN = Pattern.compile("(NULL value in |" + CHECK + ").*");

  /** A value that is not of its column's type: there may be a reason, or a page is broken. */
  private static final Pattern OF_ANOTHER_TYPE =
      Pattern.compile("(NUMERIC value in |TEXT value in |non-[A-Z]+ value in ).*");

  private IntegrityCheck() {
    this(new ArrayList<>(), new ArrayList<>(), new LinkedHashSet<>());
  }

  /** Checks every page, row and index entry, table by table where a table cannot be checked. */
  public static IntegrityCheck of(SourceDatabase source) throws SQLException {
    IntegrityCheck check = new IntegrityCheck();
    check.run(source, "integrity_check");
    // Nobody reads what is moved here by SQLite's rules any more.
    for (String rule : List.copyOf(check.rules)) {
      if (OF_ANOTHER_TYPE.matcher(rule).matches()) {
        check.rules.remove(rule);
        check.problems.add(rule);
      }
    }
    return check;
  }

  /** Checks every page and row, for a copy that is kept as it is. */
  public static IntegrityCheck quick(SourceDatabase source) throws SQLException {
    IntegrityCheck check = new IntegrityCheck();
    check.run(source, "quick_check");
    return check;
  }

  /** Tables with rows that break a CHECK of theirs. */
  public Set<String> breaking() {
    Set<String> tables = new TreeSet<>();
    for (String rule : rules) {
      if (rule.startsWith(CHECK)) {
        tables.add(rule.substring(CHECK.length()));
      }
    }
    return tables;
  }

  private void run(SourceDatabase source, String pragma) throws SQLException {
    try {
      ask(source, pragma, Integer.toString(Integer.MAX_VALUE));
    } catch (SQLException e) {
      if (!OnlyTheApplication.could(e)) {
        throw e;
      }
      problems.clear();
      rules.clear();
      unchecked.clear();
      for (String table : tables(source)) {
        table(source, pragma, table);
      }
    }
  }

  private void table(SourceDatabase source, String pragma, String table) throws SQLException {
    try {
      ask(source, pragma, Quoting.name(table));
    } catch (SQLException e) {
      if (!OnlyTheApplication.could(e)) {
        throw e;
      }
      unchecked.add(table);
    }
  }

  /** Tables with pages of their own. */
  public static List<String> tables(SourceDatabase source) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (Statement statement = source.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name FROM sqlite_schema WHERE type='table' AND rootpage > 0")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return List.copyOf(names);
  }

  private void ask(SourceDatabase source, String pragma, String argument) throws SQLException {
    try (Statement statement = source.connection().createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + pragma + "(" + argument + ")")) {
      while (rows.next()) {
        String line = String.valueOf(rows.getString(1));
        if (line.startsWith("unable to validate ")) {
          unchecked.add(line);
        } else if (LET_IN.matcher(line).matches() || OF_ANOTHER_TYPE.matcher(line).matches()) {
          rules.add(line);
        } else if (!line.equals("ok") && problems.size() < MOST) {
          problems.add(line);
        }
      }
    } catch (SQLException e) {
      // What it has said before it came to a page that it cannot read names pages.
      if (problems.isEmpty() || !SourceDatabase.damaged(e)) {
        throw e;
      }
    }
  }
}
