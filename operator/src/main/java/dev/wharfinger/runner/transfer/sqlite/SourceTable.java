package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Names;
import java.util.List;
import java.util.Optional;

/**
 * An ordinary table.
 *
 * @param name its name
 * @param columns in the order of the schema, without hidden ones
 * @param withoutRowid whether it has no rowid
 * @param rowidAlias name under which the rowid can be read; empty where there is none
 * @param foreignKeys keys declared in the source
 * @param indexes indexes, those of constraints too
 * @param sequence last number given out under AUTOINCREMENT, 0 without
 * @param text what only the text of CREATE TABLE tells
 */
public record SourceTable(
    String name,
    List<SourceColumn> columns,
    boolean withoutRowid,
    String rowidAlias,
    List<SourceForeignKey> foreignKeys,
    List<SourceIndex> indexes,
    long sequence,
    TableText text) {

  /** The column of exactly this name, or the only one that differs by case alone. */
  public Optional<SourceColumn> column(String wanted) {
    Optional<SourceColumn> exact =
        columns.stream().filter(c -> c.name().equals(wanted)).findFirst();
    return exact.isPresent()
        ? exact
        : columns.stream().filter(c -> Names.same(c.name(), wanted)).findFirst();
  }
}
