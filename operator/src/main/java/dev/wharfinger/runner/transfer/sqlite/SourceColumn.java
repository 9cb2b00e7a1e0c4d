package dev.wharfinger.runner.transfer.sqlite;

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
    boolean generated) {}
