package dev.wharfinger.runner.transfer.postgresql;

import java.util.List;

/**
 * A foreign key.
 *
 * @param name its name
 * @param table referring table
 * @param columns referring columns
 * @param parent table referred to
 * @param parentColumns columns referred to
 */
public record TargetForeignKey(
    String name, String table, List<String> columns, String parent, List<String> parentColumns) {}
