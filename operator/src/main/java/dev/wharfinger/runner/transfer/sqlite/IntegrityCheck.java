package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * SQLite's own check of every page, row and index entry.
 *
 * @param problems what is damaged; empty for a sound file
 * @param unchecked tables that need a function of the application, so only reading them will tell
 * @param breaking tables with rows that break a CHECK of theirs: sound, and known to SQLite itself
 */
public record IntegrityCheck(List<String> problems, List<String> unchecked, Set<String> breaking) {
  private static final int MOST = 20;
  private static final String CHECK = "CHECK constraint failed in ";

  /** A row that SQLite let in when it was told to, or before the rule was there. */
  private static final String NULL = "NULL value in ";

  /** Checks the whole file; table by table where a table cannot be checked. */
  public static IntegrityCheck of(SourceDatabase source) throws SQLException {
    IntegrityCheck check =
        new IntegrityCheck(new ArrayList<>(), new ArrayList<>(), new TreeSet<>());
    try {
      check.run(source, "PRAGMA integrity_check(" + Integer.MAX_VALUE + ")");
    } catch (SQLException e) {
      if (!needsTheApplication(e)) {
        throw e;
      }
      check.problems.clear();
      check.tables(source);
    }
    return check;
  }

  private void tables(SourceDatabase source) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = source.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name FROM sqlite_schema WHERE type='table' AND rootpage > 0")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    for (String name : names) {
      try {
        run(source, "PRAGMA integrity_check(" + Quoting.name(name) + ")");
      } catch (SQLException e) {
        if (!needsTheApplication(e)) {
          throw e;
        }
        unchecked.add(name);
      }
    }
  }

  private void run(SourceDatabase source, String pragma) throws SQLException {
    try (Statement statement = source.connection().createStatement();
        ResultSet rows = statement.executeQuery(pragma)) {
      while (rows.next()) {
        String line = String.valueOf(rows.getString(1));
        if (line.startsWith(CHECK)) {
          breaking.add(line.substring(CHECK.length()));
        } else if (!line.equals("ok") && !line.startsWith(NULL) && problems.size() < MOST) {
          problems.add(line);
        }
      }
    }
  }

  private static boolean needsTheApplication(SQLException error) {
    String message = String.valueOf(error.getMessage());
    return message.contains("unknown function")
        || message.contains("no such function")
        || message.contains("no such collation sequence");
  }
}
