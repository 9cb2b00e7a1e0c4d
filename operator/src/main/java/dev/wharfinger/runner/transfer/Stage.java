package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A table like the target's, for as long as the transaction lasts, in which columns are text whose
 * values only the server can make. From it the rows go on into the target.
 */
final class Stage {
  private final Connection connection;
  private final TableMapping table;
  private final String name;

  Stage(Connection connection, TableMapping table, int number) {
    this.connection = connection;
    this.table = table;
    this.name = "pg_temp.wharfinger_stage_" + number;
  }

  String sql() {
    return name;
  }

  void create() throws SQLException {
    Sql.run(
        connection,
        "CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA"
            .formatted(
                name.substring(name.indexOf('.') + 1),
                each(column -> {
                  String target = Quoting.name(column.target.name());
                  return column.readByServer() ? "''::text AS " + target : target;
                }),
                table.target.sql()));
  }

  /** Moves the rows on. A modifier is obeyed as for any INSERT: too long is an error. */
  void unload() throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s"
            .formatted(table.target.sql(), table.targetColumns(), each(Stage::value), name));
  }

  /** Whether the target has what the texts mean, no more and no less, whatever its modifiers. */
  boolean matches() throws SQLException {
    String wanted = "SELECT ROW(%s)::text FROM %s".formatted(each(Stage::value), name);
    String there =
        "SELECT ROW(%s)::text FROM %s".formatted(table.targetColumns(), table.target.sql());
    return Sql.number(
            connection,
            "SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) x"
                .formatted(wanted, there))
        == 0;
  }

  /** The target's rows with texts in the place of what the server has made of texts. */
  static String texts(TableMapping table) {
    return asTexts(table, column -> Quoting.name(column.target.name()), table.target.sql());
  }

  /** The rows as {@link #texts} has to give them once they are unloaded. */
  String meant() {
    return asTexts(table, Stage::value, name);
  }

  private static String asTexts(
      TableMapping table, Function<ColumnMapping, String> value, String from) {
    return table.columns.stream()
        .map(column ->
            column.readByServer()
                ? "(%s)::text AS %s"
                    .formatted(value.apply(column), Quoting.name(column.target.name()))
                : Quoting.name(column.target.name()))
        .collect(Collectors.joining(", ", "(SELECT ", " FROM " + from + ") x"));
  }

  private static String value(ColumnMapping column) {
    String target = Quoting.name(column.target.name());
    return column.readByServer() ? target + "::" + column.target.base() : target;
  }

  private String each(Function<ColumnMapping, String> sql) {
    return table.columns.stream().map(sql).collect(Collectors.joining(", "));
  }
}
