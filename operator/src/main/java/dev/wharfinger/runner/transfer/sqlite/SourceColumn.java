package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Names;

/**
 * A column.
 *
 * @param name its name
 * @param declaredType what the schema says, possibly nothing
 * @param notNull whether the schema says NOT NULL
 * @param defaultText the default as SQL text, empty without
 * @param primaryKey place in the primary key from 1 on, 0 outside it
 * @param generated whether it is computed from other columns
 */
public record SourceColumn(
    String name,
    String declaredType,
    boolean notNull,
    String defaultText,
    int primaryKey,
    boolean generated) {
  /** What SQLite turns values into, where it can, before it stores or compares them. */
  public enum Affinity {
    INTEGER,
    TEXT,
    BLOB,
    REAL,
    NUMERIC
  }

  /** By SQLite's rules, in their order. */
  public Affinity affinity() {
    String type = Names.upper(declaredType);
    if (type.contains("INT")) {
      return Affinity.INTEGER;
    } else if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
      return Affinity.TEXT;
    } else if (type.contains("BLOB") || type.isEmpty()) {
      return Affinity.BLOB;
    } else if (type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB")) {
      return Affinity.REAL;
    }
    return Affinity.NUMERIC;
  }
}
