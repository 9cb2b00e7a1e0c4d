package dev.wharfinger.runner.transfer.codec;

/**
 * What has to be known of a whole column before its first value can be read.
 *
 * @param integers number of INTEGER values
 * @param reals number of REAL values
 * @param texts number of TEXT values that are not empty
 * @param booleanWords number of TEXT values that are {@code true} or {@code false}
 * @param min smallest number, 0 without any
 * @param max largest number, 0 without any
 */
public record ColumnFacts(
    long integers, long reals, long texts, long booleanWords, double min, double max) {
  /** Of a column nobody looked at. */
  public static final ColumnFacts NONE = new ColumnFacts(0, 0, 0, 0, 0, 0);
}
