package dev.wharfinger.runner.transfer.sqlite;

import java.util.List;

/**
 * A foreign key of the source's own schema.
 *
 * @param parent table it refers to
 * @param columns referring columns
 * @param parentColumns columns referred to; empty for the parent's primary key
 * @param onUpdate action as SQL text
 * @param onDelete action as SQL text
 * @param deferred whether it is checked at COMMIT only
 */
public record SourceForeignKey(
    String parent,
    List<String> columns,
    List<String> parentColumns,
    String onUpdate,
    String onDelete,
    boolean deferred) {}
