package dev.wharfinger.runner.transfer;

import java.util.List;

/**
 * A table of the SQLite file.
 *
 * @param name as declared
 * @param columns stored columns that can be written; generated ones are left out
 * @param rowid the name under which a row's id can be selected, or empty for WITHOUT ROWID
 * @param sequence the highest id ever given by AUTOINCREMENT, or 0
 */
record SourceTable(String name, List<SourceColumn> columns, String rowid, long sequence) {

  /**
   * A column.
   *
   * @param declared its declared type, which proves nothing
   * @param notNull declared NOT NULL
   * @param key position in the primary key, 0 for none
   */
  record SourceColumn(String name, String declared, boolean notNull, int key) {}
}
