package dev.wharfinger.runner.transfer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a table's rows, seen in the order of their ids, may be divided. Coarser the more there are,
 * so that it takes no more memory for a large table.
 */
final class Cuts {
  private static final int MOST = 1 << 14;

  /**
   * A part of a table.
   *
   * @param above rows with larger ids; null without bound
   * @param upTo rows up to this id; null without bound
   */
  record Range(@Nullable Long above, @Nullable Long upTo) {
    static final Range ALL = new Range(null, null);
  }

  private long[] ids = {};
  private long[] bytesBefore = {};
  private int count;
  private long piece = 1 << 12;
  private long bytes;

  /** Sees the next row; says whether there may be a cut behind it. */
  boolean row(long size) {
    bytes += size;
    return bytes - (count == 0 ? 0 : bytesBefore[count - 1]) >= piece;
  }

  /** There may be a cut behind the row of this id, the last one seen. */
  void behind(long rowid) {
    if (count == MOST) {
      for (int i = 0; i < MOST / 2; i++) {
        ids[i] = ids[2 * i + 1];
        bytesBefore[i] = bytesBefore[2 * i + 1];
      }
      count = MOST / 2;
      piece *= 2;
    }
    if (count == ids.length) {
      int more = Math.clamp(2L * count, 16, MOST);
      ids = Arrays.copyOf(ids, more);
      bytesBefore = Arrays.copyOf(bytesBefore, more);
    }
    ids[count] = rowid;
    bytesBefore[count++] = bytes;
  }

  /** All rows, in parts of so many bytes or a few more. */
  List<Range> ranges(long chunkBytes) {
    List<Range> ranges = new ArrayList<>();
    Long above = null;
    long begun = 0;
    for (int i = 0; i < count; i++) {
      if (bytesBefore[i] - begun >= chunkBytes && bytesBefore[i] < bytes) {
        ranges.add(new Range(above, ids[i]));
        above = ids[i];
        begun = bytesBefore[i];
      }
    }
    ranges.add(new Range(above, null));
    return ranges;
  }
}
