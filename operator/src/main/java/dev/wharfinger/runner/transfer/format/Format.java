package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Verdict;

/** One way to write values of one PostgreSQL type into SQLite. */
public interface Format {
  /** Its name, as in profiles, options and reports. */
  String name();

  /**
   * Writes one value.
   *
   * @param cell gets the value, unless the verdict is a rejection
   */
  Verdict cell(Field field, Cell cell);

  /** What the way back has to know of a column in this format. */
  default ColumnFacts facts() {
    return ColumnFacts.NONE;
  }

  /** What has to be decided for a column in this format to be taken forward. */
  default Choices choices() {
    return Choices.NONE;
  }
}
