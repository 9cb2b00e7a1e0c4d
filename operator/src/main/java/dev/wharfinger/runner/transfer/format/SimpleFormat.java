package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Verdict;
import java.util.function.BiConsumer;

/**
 * A format that has a place for every value.
 *
 * @param name its name
 * @param writer writes a value
 */
record SimpleFormat(String name, BiConsumer<Field, Cell> writer) implements Format {
  @Override
  public Verdict cell(Field field, Cell cell) {
    writer.accept(field, cell);
    return Verdict.EXACT;
  }
}
