package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares a set with the newest one that nobody had to wonder about. One with less than half of
 * the rows or bytes is kept, but must not push out the good ones before somebody has looked.
 */
public final class Suspicion {
  private Suspicion() {}

  /**
   * What is suspicious; empty for the first set of all. Where older sets cannot be looked at, that
   * is a warning: no set is lost for it.
   */
  public static List<String> of(ObjectStore store, long rows, long bytes, Warnings warnings) {
    try {
      return compared(store, rows, bytes);
    } catch (IOException e) {
      warnings.add("not-compared", "the older sets could not be listed: " + e.getMessage());
      return List.of();
    }
  }

  private static List<String> compared(ObjectStore store, long rows, long bytes)
      throws IOException {
    for (SetList.Entry entry : SetList.of(store)) {
      if (entry.state().equals(SetList.COMPLETED)) {
        List<String> all = new ArrayList<>();
        JsonNode totals = entry.manifest().path("totals");
        less(all, "rows", rows, totals.path("rows").asLong(), entry.id());
        less(all, "bytes", bytes, totals.path("bytes").asLong(), entry.id());
        return all;
      }
    }
    return List.of();
  }

  private static void less(List<String> all, String what, long now, long before, String id) {
    if (now < before - before / 2) {
      all.add("%d %s, where set %s has %d".formatted(now, what, id, before));
    }
  }
}
