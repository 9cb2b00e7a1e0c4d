package dev.wharfinger.runner.transfer.backward;

import java.util.Arrays;

/** A growing set of hashes in which each may stand several times. */
final class Hashes {
  private long[] all = new long[1024];
  private int size;

  void add(long hash) {
    if (size == all.length) {
      all = Arrays.copyOf(all, Math.addExact(size, size / 2));
    }
    all[size++] = hash;
  }

  /** How many are only here, and how many only there. */
  long[] differences(Hashes there) {
    Arrays.sort(all, 0, size);
    Arrays.sort(there.all, 0, there.size);
    long onlyHere = 0;
    long onlyThere = 0;
    int i = 0;
    int j = 0;
    while (i < size || j < there.size) {
      int order = i == size ? 1 : j == there.size ? -1 : Long.compare(all[i], there.all[j]);
      onlyHere += order < 0 ? 1 : 0;
      onlyThere += order > 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return new long[] {onlyHere, onlyThere};
  }
}
