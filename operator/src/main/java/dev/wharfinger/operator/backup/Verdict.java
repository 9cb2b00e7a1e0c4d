package dev.wharfinger.operator.backup;

import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a set.
 *
 * @param kept why it stays; if there is no reason, it goes
 * @param gone why it goes, or would go if nothing were frozen; null if it stays
 */
public record Verdict(BackupSet set, Set<Kept> kept, @Nullable Gone gone) {
  public Verdict {
    kept = Set.copyOf(kept);
    if (kept.isEmpty() && gone == null) {
      throw new IllegalArgumentException(set.id() + " neither stays nor goes");
    }
  }

  /** Whether it is to be deleted now. */
  public boolean deleted() {
    return kept.isEmpty();
  }

  /** All reasons in a line, in their order. */
  public String explanation() {
    String stays = kept.stream().sorted().map(Kept::text).collect(Collectors.joining(", "));
    if (gone == null) {
      return stays;
    }
    return stays.isEmpty() ? gone.text() : gone.text() + ", but " + stays;
  }
}
