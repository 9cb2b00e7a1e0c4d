package dev.wharfinger.runner.transfer.backward;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that is in a SQLite file, to the byte. */
public final class Content {
  private Content() {}

  /** Every table's rows as storage class and SQL literal, in an order of their own. */
  public static Map<String, List<String>> of(Path file) throws SQLException {
    Map<String, List<String>> all = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                  + " AND name <> 'wharfinger_moves'")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      for (String table : tables) {
        all.put(table, rows(connection, table));
      }
    }
    return all;
  }

  private static List<String> rows(Connection connection, String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet names =
            statement.executeQuery("SELECT name FROM pragma_table_xinfo('" + table + "')")) {
      while (names.next()) {
        String name = '"' + names.getString(1) + '"';
        // quote() writes fifteen digits of a REAL; its bytes tell all.
        columns.add(
            "typeof(%1$s) || ':' || CASE typeof(%1$s) WHEN 'real' THEN printf('%%!.20g', %1$s) ELSE quote(%1$s) END"
                .formatted(name));
      }
    }
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT " + String.join(" || '|' || ", columns) + " FROM \"" + table + "\"")) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    rows.sort(String::compareTo);
    return rows;
  }
}
