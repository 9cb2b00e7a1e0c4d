package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Verdict;

/**
 * A time as a number.
 *
 * @param name its name
 * @param type timestamp, timestamptz or date
 * @param unit what the number counts
 */
record EpochFormat(String name, String type, Unit unit) implements Format {
  /** What is counted, and a number that can be nothing else. */
  enum Unit {
    SECONDS(1_000_000, 1e9),
    MILLISECONDS(1000, 1e12),
    MICROSECONDS(1, 1e15),
    NANOSECONDS(1, 1e18),
    SECONDS_REAL(1, 1e9),
    JULIAN_DAY(1, 2.4e6);

    private final long micros;
    private final double typical;

    Unit(long micros, double typical) {
      this.micros = micros;
      this.typical = typical;
    }
  }

  @Override
  public Verdict cell(Field field, Cell cell) {
    if (!TimeFormat.inRange(type, field.number())) {
      return TimeFormat.RANGE;
    }
    long micros = TimeFormat.micros(type, field.number());
    if (micros % unit.micros != 0) {
      return TimeFormat.FINER;
    }
    switch (unit) {
      case SECONDS_REAL -> cell.setReal(micros / 1e6);
      case JULIAN_DAY -> cell.setReal(micros / 1000 / 86_400_000.0 + 2440587.5);
      case NANOSECONDS -> {
        if (Math.multiplyHigh(micros, 1000) != (micros * 1000) >> 63) {
          return TimeFormat.RANGE;
        }
        cell.setInteger(micros * 1000);
      }
      default -> cell.setInteger(micros / unit.micros);
    }
    return Verdict.EXACT;
  }

  @Override
  public ColumnFacts facts() {
    boolean real = unit == Unit.SECONDS_REAL || unit == Unit.JULIAN_DAY;
    return new ColumnFacts(real ? 0 : 1, real ? 1 : 0, 0, 0, unit.typical, unit.typical);
  }
}
