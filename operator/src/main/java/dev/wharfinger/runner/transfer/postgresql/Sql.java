package dev.wharfinger.runner.transfer.postgresql;

import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Plain statements on the target. */
public final class Sql {
  /** How values are read and written as text in a transaction, whatever role and database say. */
  public static final String SPELLINGS =
      " SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD';"
          + " SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1;";

  private Sql() {}

  /** What is done with each row. */
  public interface RowAction {
    void accept(ResultSet row) throws SQLException;
  }

  /** A text as SQL, whatever standard_conforming_strings says. */
  public static String literal(String text) {
    String quoted = Quoting.text(text);
    return text.contains("\\") ? "E" + quoted.replace("\\", "\\\\") : quoted;
  }

  public static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public static void each(Connection connection, String sql, RowAction action) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        action.accept(rows);
      }
    }
  }

  /** First column of the first row; 0 without rows or where it is NULL. */
  public static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** First column of the first row; empty without rows or where it is NULL. */
  public static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      String value = rows.next() ? rows.getString(1) : null;
      return value == null ? "" : value;
    }
  }
}
