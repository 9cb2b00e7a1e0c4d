package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Storage;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What both engines are asked about a column.
 *
 * @param reads what SQLite reads for it, as SQL
 * @param here as SQLite's SQL
 * @param there as PostgreSQL's
 * @param kind how the answers are compared
 */
record Question(ColumnMapping column, List<String> reads, String here, String there, Kind kind) {
  /** How answers are compared. */
  enum Kind {
    NUMBER,
    FLOAT,
    /** SQLite may have rounded up to the next second; empty text where it cannot tell. */
    SECONDS
  }

  /** Whether the answers are the same; null from PostgreSQL is NULL. */
  boolean same(Cell one, @Nullable String other) {
    if (one.storage() == Storage.NULL || one.storage() == Storage.TEXT) {
      return one.storage() == Storage.TEXT || other == null;
    } else if (other == null) {
      return false;
    } else if (kind == Kind.SECONDS) {
      long rounded = Math.subtractExact(one.integer(), Long.parseLong(other));
      return rounded == 0 || rounded == 1;
    } else if (kind == Kind.NUMBER && one.storage() == Storage.INTEGER) {
      return new BigDecimal(other).compareTo(BigDecimal.valueOf(one.integer())) == 0;
    }
    // The text of a floating point number is the shortest that gives it.
    double value = one.storage() == Storage.INTEGER ? one.integer() : one.real();
    return Double.parseDouble(other) == value;
  }
}
