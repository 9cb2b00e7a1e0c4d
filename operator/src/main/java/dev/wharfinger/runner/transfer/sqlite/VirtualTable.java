package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A virtual table.
 *
 * @param name its name
 * @param sql the statement that makes it
 * @param shadows names of the ordinary tables in which its module keeps what it knows
 */
public record VirtualTable(String name, String sql, List<String> shadows) {

  /** All that a database has. */
  public static List<VirtualTable> of(SourceDatabase source, SourceCatalog catalog)
      throws SQLException {
    List<String> names =
        catalog.skipped().entrySet().stream()
            .filter(entry -> entry.getValue().equals("virtual"))
            .map(Map.Entry::getKey)
            .toList();
    List<VirtualTable> tables = new ArrayList<>();
    for (String name : names) {
      String sql = source.text("SELECT sql FROM sqlite_schema WHERE name=" + Quoting.text(name));
      List<String> shadows = new ArrayList<>();
      for (var entry : catalog.skipped().entrySet()) {
        if (entry.getValue().equals("shadow") && owner(entry.getKey(), names).equals(name)) {
          shadows.add(entry.getKey());
        }
      }
      tables.add(new VirtualTable(name, sql, shadows));
    }
    return tables;
  }

  /** Of {@code a} and {@code a_b}, the table {@code a_b_data} belongs to the latter. */
  private static String owner(String shadow, List<String> names) {
    String owner = "";
    for (String name : names) {
      if (Names.lower(shadow).startsWith(Names.lower(name) + "_")
          && name.length() > owner.length()) {
        owner = name;
      }
    }
    return owner;
  }

  /** Whether all that it knows can be found out again from another table. */
  public boolean indexesAnother() {
    String text = Names.lower(sql).replaceAll("\\s", "");
    return text.contains("usingfts")
        && text.contains("content=")
        && !text.contains("content=''")
        && !text.contains("content=\"\"");
  }

  /** How many rows it has of its own; -1 where it has some and cannot count them. */
  public long ownRows(SourceDatabase source) throws SQLException {
    if (shadows.isEmpty() || indexesAnother()) {
      return 0;
    }
    try {
      return source.count(name);
    } catch (SQLException e) {
      if (SourceDatabase.damaged(e)) {
        throw e;
      }
      return -1;
    }
  }
}
