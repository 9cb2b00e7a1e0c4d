package dev.wharfinger.runner.transfer;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts rows without a parent, names some, and has something done with all of them. */
final class Tally {
  /** More distinct missing parents than this are not counted one by one. */
  private static final int MOST_COUNTED = 10_000;

  private final int named;
  private final KeyRows.@Nullable RowAction action;
  private final List<Long> rows = new ArrayList<>();
  private final Map<Long, Long> values = new HashMap<>();
  private long count;

  /** Counts from 0 and names the first {@code named} rows. */
  Tally(int named, KeyRows.@Nullable RowAction action) {
    this.named = named;
    this.action = action;
  }

  /** One more row; {@code hash} stands for the parent that is missing. */
  void add(long hash, long row) throws SQLException {
    count++;
    if (rows.size() < named) {
      rows.add(row);
    }
    if (values.size() < MOST_COUNTED) {
      values.merge(hash, 1L, Long::sum);
    }
    if (action != null) {
      action.row(row);
    }
  }

  KeyRows.Missing missing() {
    long largest = values.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return new KeyRows.Missing(count, rows, largest, false);
  }
}
