package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn.Affinity;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The file whose schema the new one gets, and whose values show in which formats they are.
 *
 * @param file its path
 * @param database the open database
 * @param catalog its tables
 * @param objects everything that has SQL text, in the order in which it was made
 * @param strict names of STRICT tables
 */
record LikeFile(
    Path file,
    SourceDatabase database,
    SourceCatalog catalog,
    List<SchemaObject> objects,
    Set<String> strict) {

  /**
   * A table, index, view or trigger.
   *
   * @param type which of these
   * @param name its name
   * @param sql the statement that makes it
   * @param kind {@code virtual}, {@code shadow} or empty
   */
  record SchemaObject(String type, String name, String sql, String kind) {}

  static LikeFile open(Path file) throws Exception {
    SourceDatabase database = SourceDatabase.open(file);
    SourceCatalog catalog = SourceCatalog.read(database);
    List<SchemaObject> objects = new ArrayList<>();
    Set<String> strict = new HashSet<>();
    try (var statement = database.connection().createStatement()) {
      try (var rows =
          statement.executeQuery(
              "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE"
                  + " 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid")) {
        while (rows.next()) {
          String name = rows.getString(2);
          String skipped = catalog.skipped().getOrDefault(name, "");
          boolean table = rows.getString(1).equals("table");
          // A trigger may have the name of a table.
          boolean own = !skipped.equals("virtual") && !skipped.equals("shadow");
          objects.add(
              new SchemaObject(
                  rows.getString(1), name, rows.getString(3), table && !own ? skipped : ""));
        }
      }
      try (var rows =
          statement.executeQuery("SELECT name FROM pragma_table_list WHERE strict = 1")) {
        while (rows.next()) {
          strict.add(rows.getString(1));
        }
      }
    }
    return new LikeFile(file, database, catalog, objects, strict);
  }

  /** What SQLite makes of values in a column. */
  Affinity affinity(SourceTable table, SourceColumn column) {
    boolean any = strict.contains(table.name()) && Names.same(column.declaredType(), "ANY");
    return any ? Affinity.BLOB : column.affinity();
  }

  /** A PRAGMA of the file. */
  String pragma(String name) throws SQLException {
    return database.text("PRAGMA " + name);
  }

  /** Last number that AUTOINCREMENT gave out. */
  boolean autoincrement(SourceTable table) {
    return objects.stream()
        .anyMatch(object ->
            object.name().equals(table.name())
                && object.type().equals("table")
                && Names.upper(object.sql()).contains("AUTOINCREMENT"));
  }
}
