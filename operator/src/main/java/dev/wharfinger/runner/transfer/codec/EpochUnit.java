package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * What a number in a time column counts. Decided once for a whole column from its smallest and
 * largest number: read one by one, milliseconds are as good as seconds in the year 54191.
 */
public enum EpochUnit {
  SECONDS(1e8, 4.1e9, 6),
  MILLISECONDS(1e11, 4.1e12, 3),
  MICROSECONDS(1e14, 4.1e15, 0),
  NANOSECONDS(1e17, 4.1e18, -3),
  /** Days since noon of 24 November 4714 BC, as SQLite's julianday() gives. */
  JULIAN_DAYS(1.7e6, 5.4e6, 0),
  /** The column has no numbers. */
  NONE(0, 0, 0),
  /** The numbers fit no unit, or several. */
  AMBIGUOUS(0, 0, 0);

  private static final BigDecimal JULIAN_EPOCH = new BigDecimal("2440587.5");
  private static final BigDecimal MILLIS_PER_DAY = new BigDecimal(86_400_000);

  /** Microseconds of the least that PostgreSQL has, and nearly the most that a long has. */
  private static final BigDecimal FIRST = new BigDecimal("-210866803200000000");

  private static final BigDecimal LAST = new BigDecimal("9223372036000000000");
  private final double low;
  private final double high;
  private final int toMicros;

  EpochUnit(double low, double high, int toMicros) {
    this.low = low;
    this.high = high;
    this.toMicros = toMicros;
  }

  /** Decides for a column; see {@link ColumnFacts}. */
  static EpochUnit of(ColumnFacts facts) {
    if (facts.integers() + facts.reals() == 0) {
      return NONE;
    }
    if (facts.texts() > 0) {
      return AMBIGUOUS;
    }
    for (EpochUnit unit : values()) {
      boolean storage = unit != JULIAN_DAYS || facts.integers() == 0;
      if (storage && unit.high > 0 && facts.min() >= unit.low && facts.max() <= unit.high) {
        return unit;
      }
    }
    return AMBIGUOUS;
  }

  /** The unit that a policy names. */
  static EpochUnit of(String word) {
    return valueOf(word.replace('-', '_').toUpperCase(Locale.ROOT));
  }

  /**
   * Microseconds since 1970-01-01 UTC.
   *
   * @param round whether digits below the microsecond may go
   * @throws ArithmeticException where digits below the microsecond would be lost
   */
  long micros(BigDecimal number, boolean round) {
    BigDecimal micros = micros(number);
    return (round ? micros.setScale(0, RoundingMode.HALF_EVEN) : micros).longValueExact();
  }

  /** Whether a number of this unit is a time that PostgreSQL has: it begins in 4713 BC. */
  boolean reaches(BigDecimal number) {
    BigDecimal micros = micros(number);
    return micros.compareTo(FIRST) >= 0 && micros.compareTo(LAST) <= 0;
  }

  private BigDecimal micros(BigDecimal number) {
    // A double holds a Julian day to some 40 microseconds; SQLite itself works in milliseconds.
    return this == JULIAN_DAYS
        ? number
            .subtract(JULIAN_EPOCH)
            .multiply(MILLIS_PER_DAY)
            .setScale(0, RoundingMode.HALF_EVEN)
            .scaleByPowerOfTen(3)
        : number.scaleByPowerOfTen(toMicros);
  }
}
