package dev.wharfinger.runner.transfer.sqlite;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An index.
 *
 * @param name its name
 * @param unique whether it is unique
 * @param origin {@code c} for CREATE INDEX, {@code u} for UNIQUE, {@code pk} for PRIMARY KEY
 * @param parts what it is made of, in order
 * @param where condition of a partial index, {@link SqlText#NONE} without
 */
public record SourceIndex(
    String name, boolean unique, String origin, List<Part> parts, SqlText where) {
  /** What it is made of, as in the schema. */
  public String sql() {
    String made =
        parts.stream()
            .map(part -> part.column().isEmpty() ? part.expression().sql() : part.column())
            .collect(Collectors.joining(", ", "(", ")"));
    return where.tokens().isEmpty() ? made : made + " WHERE " + where.sql();
  }

  /**
   * One column or expression.
   *
   * @param column name of the column, empty for an expression
   * @param expression the expression, {@link SqlText#NONE} for a column
   * @param collation collating sequence in upper case
   * @param descending whether it is sorted downwards
   */
  public record Part(String column, SqlText expression, String collation, boolean descending) {}
}
