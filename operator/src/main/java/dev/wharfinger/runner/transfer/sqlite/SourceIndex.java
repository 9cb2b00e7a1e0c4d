package dev.wharfinger.runner.transfer.sqlite;

import java.util.List;

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
