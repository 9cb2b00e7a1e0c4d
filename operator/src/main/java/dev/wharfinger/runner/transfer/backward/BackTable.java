package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.TupleHash;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
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

  /** Columns that only the file has; it computes none of them. */
  final List<SourceColumn> onlyInFile;

  /** How many rows the file has, and with them the values of such columns. */
  long found;

  /** What the server makes of the file's texts, once it was asked. */
  @Nullable ServerReadings readings;

  long rows;

  /** What was given to SQLite; of computed columns, what it should have come to. */
  TupleHash written = new TupleHash(new boolean[0]);

  TupleHash computed = new TupleHash(new boolean[0]);

  BackTable(
      TargetTable postgres,
      SourceTable sqlite,
      List<BackColumn> columns,
      List<SourceColumn> onlyInFile) {
    this.postgres = postgres;
    this.sqlite = sqlite;
    this.columns = columns;
    this.onlyInFile = onlyInFile;
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

  /** Whether rows are looked up in the file for columns that PostgreSQL has not. */
  boolean keepsOwn() {
    return !onlyInFile.isEmpty() && !key().isEmpty();
  }

  /**
   * The same for a row that the file, attached as {@code pattern}, has too: with its values of the
   * columns that only the file has. Inserts nothing for any other row.
   */
  String insertWithOwnSql() {
    List<String> names = names(stored().stream().map(column -> column.sqlite).toList());
    List<String> values = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      values.add("?" + (i + 1));
    }
    List<String> own = names(onlyInFile);
    names.addAll(own);
    values.addAll(own.stream().map(name -> "p." + name).toList());
    return "INSERT INTO main.%1$s (%2$s) SELECT %3$s FROM pattern.%1$s p WHERE %4$s"
        .formatted(
            Quoting.name(sqlite.name()),
            String.join(", ", names),
            String.join(", ", values),
            key().stream()
                .map(place -> "p." + names.get(place) + " = ?" + (place + 1))
                .collect(Collectors.joining(" AND ")));
  }

  /** Counts the rows whose values of such columns are not those of the file's row. */
  String differingSql() {
    List<String> names = names(columns.stream().map(column -> column.sqlite).toList());
    return "SELECT count(*) FROM main.%1$s n JOIN pattern.%1$s p ON %2$s WHERE %3$s"
        .formatted(
            Quoting.name(sqlite.name()),
            key().stream()
                .map(place -> "n.%1$s = p.%1$s".formatted(names.get(place)))
                .collect(Collectors.joining(" AND ")),
            names(onlyInFile).stream()
                .map(name ->
                    "n.%1$s IS NOT p.%1$s COLLATE BINARY OR typeof(n.%1$s) <> typeof(p.%1$s)"
                        .formatted(name))
                .collect(Collectors.joining(" OR ")));
  }

  private static List<String> names(List<SourceColumn> columns) {
    return new ArrayList<>(columns.stream().map(column -> Quoting.name(column.name())).toList());
  }
}
