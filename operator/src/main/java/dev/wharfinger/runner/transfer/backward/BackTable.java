package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.TupleHash;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table on both sides. */
final class BackTable {
  final TargetTable postgres;
  final SourceTable sqlite;

  /** Columns that are written, and after them those that SQLite computes. */
  final List<BackColumn> columns;

  /** What the server makes of the file's texts, once it was asked. */
  @Nullable ServerReadings readings;

  long rows;

  /** What was given to SQLite; of computed columns, what it should have come to. */
  TupleHash written = new TupleHash(new boolean[0]);

  TupleHash computed = new TupleHash(new boolean[0]);

  BackTable(TargetTable postgres, SourceTable sqlite, List<BackColumn> columns) {
    this.postgres = postgres;
    this.sqlite = sqlite;
    this.columns = columns;
  }

  /** The columns that are written. */
  List<BackColumn> stored() {
    return columns.stream().filter(column -> !column.computed()).toList();
  }

  /** Places of the primary key's columns, by which rows are found again in the file; or none. */
  List<Integer> key() {
    List<Integer> key = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      BackColumn column = columns.get(i);
      if (column.sqlite.primaryKey() > 0 && !column.computed() && !column.retained) {
        key.add(i);
      }
    }
    long all = sqlite.columns().stream().filter(column -> column.primaryKey() > 0).count();
    return key.size() == all ? key : List.of();
  }

  /**
   * Reads all columns from PostgreSQL, where the row lies, and behind that the {@linkplain
   * BackColumn#raw plain} values of some columns.
   */
  String selectSql() {
    String raw =
        columns.stream()
            .filter(BackColumn::raw)
            .map(column -> ", " + Quoting.name(column.postgres.name()))
            .collect(Collectors.joining());
    return columns.stream()
        .map(column -> column.expression + ", ")
        .collect(Collectors.joining("", "SELECT ", "ctid" + raw + " FROM " + postgres.sql()));
  }

  /** How many fields {@link #selectSql} reads. */
  int fields() {
    return columns.size() + 1 + (int) columns.stream().filter(BackColumn::raw).count();
  }

  /** Which of these fields is the plain value of a column. */
  int rawField(int place) {
    return columns.size()
        + 1
        + (int) columns.subList(0, place).stream().filter(BackColumn::raw).count();
  }

  /** Reads all columns back from SQLite. */
  String readBackSql() {
    return columns.stream()
        .map(column -> Quoting.name(column.sqlite.name()))
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + Quoting.name(sqlite.name())));
  }

  String insertSql() {
    List<BackColumn> stored = stored();
    if (stored.isEmpty()) {
      return "INSERT INTO " + Quoting.name(sqlite.name()) + " DEFAULT VALUES";
    }
    return stored.stream()
            .map(column -> Quoting.name(column.sqlite.name()))
            .collect(
                Collectors.joining(", ", "INSERT INTO " + Quoting.name(sqlite.name()) + " (", ")"))
        + " VALUES ("
        + String.join(", ", stored.stream().map(column -> "?").toList())
        + ")";
  }
}
