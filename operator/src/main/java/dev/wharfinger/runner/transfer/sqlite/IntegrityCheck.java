package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * SQLite's own check of every page, row and index entry.
 *
 * @param problems what is damaged; empty for a sound file
 * @param unchecked tables that need a function of the application, so only reading them will tell
 */
public record IntegrityCheck(List<String> problems, List<String> unchecked) {

  /** Checks the whole file; table by table where a table cannot be checked. */
  public static IntegrityCheck of(SourceDatabase source) throws SQLException {
    IntegrityCheck check = new IntegrityCheck(new ArrayList<>(), new ArrayList<>());
    try {
      check.run(source, "PRAGMA integrity_check(20)");
    } catch (SQLException e) {
      if (!foreignFunction(e)) {
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
        if (!foreignFunction(e)) {
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
        if (!line.equals("ok")) {
          problems.add(line);
        }
      }
    }
  }

  private static boolean foreignFunction(SQLException error) {
    String message = String.valueOf(error.getMessage());
    return message.contains("unknown function") || message.contains("no such function");
  }
}
