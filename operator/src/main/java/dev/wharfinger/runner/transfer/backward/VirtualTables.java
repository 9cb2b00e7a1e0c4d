package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.VirtualTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What virtual tables know. PostgreSQL has nothing of it: what they find out from another table
 * they find out anew; what is nowhere else comes from the file that the new one is to be like.
 */
final class VirtualTables {
  private final Connection connection;
  private final LikeFile like;
  private final Map<String, String> skipped;
  private final Findings warnings;

  VirtualTables(
      Connection connection, LikeFile like, Map<String, String> skipped, Findings warnings) {
    this.connection = connection;
    this.like = like;
    this.skipped = skipped;
    this.warnings = warnings;
  }

  /** Fills a table that was made empty. */
  void fill(VirtualTable table) throws SQLException {
    long rows = table.ownRows(like.database());
    if (table.indexesAnother()) {
      rebuild(table);
    } else if (rows == 0) {
      skipped.put(table.name(), "virtual table; has no rows of its own");
    } else if (rows > 0 && alike(table)) {
      for (String shadow : table.shadows()) {
        String name = Quoting.name(shadow);
        run("DELETE FROM main." + name);
        run("INSERT INTO main." + name + " SELECT * FROM pattern." + name);
      }
      skipped.put(table.name(), "virtual table; the file's own rows are kept");
      warnings.addAll(table.name(), "", "virtual-table-rows-kept", rows, List.of(), "");
    } else {
      skipped.put(table.name(), "virtual table; made empty");
      warnings.addAll(table.name(), "", "virtual-table-made-empty", rows, List.of(), "");
    }
  }

  private void rebuild(VirtualTable table) {
    String name = Quoting.name(table.name());
    try {
      run("INSERT INTO %s (%s) VALUES ('rebuild')".formatted(name, name));
      skipped.put(table.name(), "virtual table; built anew from the table it indexes");
    } catch (SQLException e) {
      skipped.put(table.name(), "virtual table; could not be built anew, so it is empty");
      warnings.add(table.name(), "", "virtual-table-made-empty", SqliteErrors.brief(e));
    }
  }

  /** Whether the module made the tables that it had in the file; some are made when needed. */
  private boolean alike(VirtualTable table) throws SQLException {
    for (String shadow : table.shadows()) {
      if (columns("main", shadow).isEmpty()) {
        run(
            like.database()
                .text("SELECT sql FROM sqlite_schema WHERE name = " + Quoting.text(shadow)));
      }
      if (!columns("main", shadow).equals(columns("pattern", shadow))) {
        return false;
      }
    }
    return true;
  }

  private List<String> columns(String schema, String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name FROM pragma_table_info(%s, '%s')"
                    .formatted(Quoting.text(table), schema))) {
      while (rows.next()) {
        columns.add(rows.getString(1));
      }
    }
    return columns;
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
