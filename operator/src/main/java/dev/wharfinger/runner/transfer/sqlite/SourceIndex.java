package dev.wharfinger.runner.transfer.sqlite;

import java.util.List;

/**
 * An index.
 *
 * @param name its name
 * @param unique whether it is unique
 * @param origin {@code c} for CREATE INDEX, {@code u} for UNIQUE, {@code pk} for PRIMARY KEY
 * @param columns columns with {@code DESC} flags in order; empty where a part is an expression
 * @param where condition of a partial index as SQL text, empty without
 */
public record SourceIndex(
    String name, boolean unique, String origin, List<Part> columns, String where) {
  /** One column of an index. */
  public record Part(String column, boolean descending) {}
}
