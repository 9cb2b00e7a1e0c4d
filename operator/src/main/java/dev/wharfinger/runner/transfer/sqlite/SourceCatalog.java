package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The source's schema.
 *
 * @param tables ordinary tables
 * @param views statements of views and triggers
 * @param skipped names of what is no ordinary table, with its kind: virtual, shadow, view, trigger
 */
public record SourceCatalog(
    List<SourceTable> tables, Map<String, String> skipped, Map<String, String> views) {

  /** The table in which a move back keeps its record; nobody's data. */
  public static final String MOVES = "wharfinger_moves";

  /** Reads the schema. */
  public static SourceCatalog read(SourceDatabase source) throws SQLException {
    Map<String, Boolean> names = new LinkedHashMap<>();
    Map<String, String> skipped = new LinkedHashMap<>();
    source.each(
        "SELECT name, type, wr FROM pragma_table_list WHERE schema='main' AND name <> '"
            + MOVES
            + "' AND name NOT LIKE"
            + " 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
        row -> {
          if ("table".equals(row.getString(2))) {
            names.put(row.getString(1), row.getInt(3) == 1);
          } else {
            skipped.put(row.getString(1), row.getString(2));
          }
        });
    source.each(
        "SELECT name FROM sqlite_schema WHERE type='trigger' ORDER BY name",
        row -> skipped.putIfAbsent(row.getString(1), "trigger"));
    Map<String, Long> sequences = sequences(source);
    List<SourceTable> tables = new ArrayList<>();
    for (var name : names.entrySet()) {
      TableText text = text(source, name.getKey());
      List<SourceColumn> columns = columns(source, name.getKey());
      boolean withoutRowid = name.getValue();
      tables.add(
          new SourceTable(
              name.getKey(),
              columns,
              withoutRowid,
              withoutRowid ? "" : rowidAlias(columns),
              foreignKeys(source, name.getKey(), text.deferred()),
              SourceIndexes.of(source, name.getKey()),
              sequences.getOrDefault(name.getKey(), 0L),
              text));
    }
    return new SourceCatalog(tables, skipped, definitions(source));
  }

  private static Map<String, String> definitions(SourceDatabase source) throws SQLException {
    Map<String, String> definitions = new LinkedHashMap<>();
    source.each(
        "SELECT name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY type",
        row -> definitions.put(row.getString(1), text(row.getString(2))));
    return definitions;
  }

  private static Map<String, Long> sequences(SourceDatabase source) throws SQLException {
    Map<String, Long> sequences = new LinkedHashMap<>();
    if (source.number("SELECT count(*) FROM sqlite_schema WHERE name='sqlite_sequence'") > 0) {
      source.each(
          "SELECT name, seq FROM sqlite_sequence",
          row -> sequences.put(row.getString(1), row.getLong(2)));
    }
    return sequences;
  }

  private static List<SourceColumn> columns(SourceDatabase source, String table)
      throws SQLException {
    List<SourceColumn> columns = new ArrayList<>();
    source.each(
        "PRAGMA table_xinfo(" + Quoting.name(table) + ")",
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
        .filter(alias -> columns.stream().noneMatch(c -> Names.same(c.name(), alias)))
        .findFirst()
        .orElse("");
  }

  private static List<SourceForeignKey> foreignKeys(
      SourceDatabase source, String table, List<Boolean> deferred) throws SQLException {
    Map<Integer, SourceForeignKey> keys = new LinkedHashMap<>();
    source.each(
        "PRAGMA foreign_key_list(" + Quoting.name(table) + ")",
        row -> {
          // The last one in the text has the number 0.
          int place = deferred.size() - 1 - row.getInt("id");
          SourceForeignKey key = keys.get(row.getInt("id"));
          if (key == null) {
            key =
                new SourceForeignKey(
                    row.getString("table"),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    row.getString("on_update"),
                    row.getString("on_delete"),
                    place >= 0 && deferred.get(place));
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

  private static TableText text(SourceDatabase source, String table) throws SQLException {
    return TableText.of(
        source.text(
            "SELECT sql FROM sqlite_schema WHERE type='table' AND name=" + Quoting.text(table)));
  }

  private static String text(@org.jspecify.annotations.Nullable String value) {
    return value == null ? "" : value;
  }
}
