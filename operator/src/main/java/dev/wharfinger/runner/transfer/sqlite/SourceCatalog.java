package dev.wharfinger.runner.transfer.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The source's schema.
 *
 * @param tables ordinary tables
 * @param skipped names of what is no ordinary table, with its kind: virtual, shadow, view, trigger
 */
public record SourceCatalog(List<SourceTable> tables, Map<String, String> skipped) {

  /** Reads the schema. */
  public static SourceCatalog read(SourceDatabase source) throws SQLException {
    Map<String, Boolean> names = new LinkedHashMap<>();
    Map<String, String> skipped = new LinkedHashMap<>();
    each(
        source,
        "SELECT name, type, wr FROM pragma_table_list WHERE schema='main' AND name NOT LIKE"
            + " 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
        row -> {
          if ("table".equals(row.getString(2))) {
            names.put(row.getString(1), row.getInt(3) == 1);
          } else {
            skipped.put(row.getString(1), row.getString(2));
          }
        });
    each(
        source,
        "SELECT name FROM sqlite_schema WHERE type='trigger' ORDER BY name",
        row -> skipped.put(row.getString(1), "trigger"));
    Map<String, Long> sequences = sequences(source);
    List<SourceTable> tables = new ArrayList<>();
    for (var name : names.entrySet()) {
      List<SourceColumn> columns = columns(source, name.getKey());
      boolean withoutRowid = name.getValue();
      tables.add(
          new SourceTable(
              name.getKey(),
              columns,
              withoutRowid,
              withoutRowid ? "" : rowidAlias(columns),
              foreignKeys(source, name.getKey()),
              indexes(source, name.getKey()),
              sequences.getOrDefault(name.getKey(), 0L)));
    }
    return new SourceCatalog(tables, skipped);
  }

  private static Map<String, Long> sequences(SourceDatabase source) throws SQLException {
    Map<String, Long> sequences = new LinkedHashMap<>();
    if (source.number("SELECT count(*) FROM sqlite_schema WHERE name='sqlite_sequence'") > 0) {
      each(
          source,
          "SELECT name, seq FROM sqlite_sequence",
          row -> sequences.put(row.getString(1), row.getLong(2)));
    }
    return sequences;
  }

  private static List<SourceColumn> columns(SourceDatabase source, String table)
      throws SQLException {
    List<SourceColumn> columns = new ArrayList<>();
    each(
        source,
        "PRAGMA table_xinfo(" + SourceDatabase.quote(table) + ")",
        row -> {
          int hidden = row.getInt("hidden");
          if (hidden != 1) {
            columns.add(
                new SourceColumn(
                    row.getString("name"),
                    text(row.getString("type")),
                    row.getInt("notnull") == 1,
                    text(row.getString("dflt_value")),
                    row.getInt("pk"),
                    hidden > 1));
          }
        });
    return columns;
  }

  private static String rowidAlias(List<SourceColumn> columns) {
    return Stream.of("rowid", "_rowid_", "oid")
        .filter(alias -> columns.stream().noneMatch(c -> c.name().equalsIgnoreCase(alias)))
        .findFirst()
        .orElse("");
  }

  private static List<SourceForeignKey> foreignKeys(SourceDatabase source, String table)
      throws SQLException {
    Map<Integer, SourceForeignKey> keys = new LinkedHashMap<>();
    each(
        source,
        "PRAGMA foreign_key_list(" + SourceDatabase.quote(table) + ")",
        row -> {
          SourceForeignKey key = keys.get(row.getInt("id"));
          if (key == null) {
            key =
                new SourceForeignKey(
                    row.getString("table"),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    row.getString("on_update"),
                    row.getString("on_delete"));
            keys.put(row.getInt("id"), key);
          }
          key.columns().add(row.getString("from"));
          String to = row.getString("to");
          if (to != null) {
            key.parentColumns().add(to);
          }
        });
    return List.copyOf(keys.values());
  }

  private static List<SourceIndex> indexes(SourceDatabase source, String table)
      throws SQLException {
    List<SourceIndex> indexes = new ArrayList<>();
    List<String[]> heads = new ArrayList<>();
    each(
        source,
        "SELECT l.name, l.\"unique\", l.origin, l.partial, coalesce(s.sql, '') FROM"
            + " pragma_index_list("
            + literal(table)
            + ") l LEFT JOIN sqlite_schema s ON s.type='index' AND s.name=l.name",
        row ->
            heads.add(
                new String[] {
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getInt(4) == 1 ? row.getString(5) : ""
                }));
    for (String[] head : heads) {
      List<SourceIndex.Part> parts = new ArrayList<>();
      boolean[] expression = {false};
      each(
          source,
          "PRAGMA index_xinfo(" + SourceDatabase.quote(head[0]) + ")",
          row -> {
            if (row.getInt("key") == 1) {
              String name = row.getString("name");
              expression[0] |= name == null;
              parts.add(new SourceIndex.Part(text(name), row.getInt("desc") == 1));
            }
          });
      String sql = head[3];
      int where = sql.toUpperCase(Locale.ROOT).lastIndexOf(" WHERE ");
      indexes.add(
          new SourceIndex(
              head[0],
              head[1].equals("1"),
              head[2],
              expression[0] ? List.of() : parts,
              sql.isEmpty() ? "" : where < 0 ? sql : sql.substring(where + 7)));
    }
    return indexes;
  }

  private static String text(@org.jspecify.annotations.Nullable String value) {
    return value == null ? "" : value;
  }

  private static String literal(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  private interface RowAction {
    void accept(ResultSet row) throws SQLException;
  }

  private static void each(SourceDatabase source, String sql, RowAction action)
      throws SQLException {
    try (Statement statement = source.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        action.accept(rows);
      }
    }
  }
}
