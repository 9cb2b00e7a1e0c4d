package dev.wharfinger.runner.transfer.postgresql;

/**
 * A column that takes its numbers from a sequence.
 *
 * @param sequence name as SQL, with its schema
 * @param table the column's table
 * @param column the column
 * @param increment what the sequence adds each time
 * @param maximum the last number it gives
 */
public record TargetSequence(
    String sequence, String table, String column, long increment, long maximum) {}
