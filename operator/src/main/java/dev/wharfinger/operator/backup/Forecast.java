package dev.wharfinger.operator.backup;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What goes next: what would go now, and what the next backups displace. */
public final class Forecast {
  /**
   * A set that will go.
   *
   * @param when now, or with the backup of that slot if all are good until then; null while nothing
   *     may go
   */
  public record Going(BackupSet set, Gone why, @Nullable Instant when) {}

  private final Retention thawed;
  private final List<BackupSet> left;
  private final List<Going> going = new ArrayList<>();

  private Forecast(Retention retention, Collection<BackupSet> sets) {
    this.thawed = new Retention(retention.rules(), retention.zone(), retention.lineage(), Set.of());
    this.left = new ArrayList<>(sets);
  }

  /**
   * The first one to go comes first.
   *
   * @param slots of the next backups in their order; one looks no further
   * @param most so many at most
   */
  public static List<Going> of(
      Retention retention,
      Collection<BackupSet> sets,
      Collection<Instant> slots,
      int most,
      Instant now) {
    Forecast forecast = new Forecast(retention, sets);
    if (!retention.freezes().isEmpty()) {
      forecast.take(now, null);
    } else {
      forecast.take(now, now);
      for (Instant slot : slots) {
        if (forecast.going.size() < most) {
          forecast.left.add(coming(slot, retention.lineage()));
          forecast.take(slot, slot);
        }
      }
    }
    return forecast.going.stream().limit(most).toList();
  }

  private static BackupSet coming(Instant slot, String lineage) {
    return new BackupSet(
        "coming-" + slot,
        slot,
        BackupSet.State.COMPLETED,
        BackupSet.Level.STORED,
        false,
        false,
        lineage);
  }

  private void take(Instant now, @Nullable Instant when) {
    for (Verdict verdict : thawed.plan(left, now)) {
      Gone why = verdict.gone();
      if (verdict.deleted() && why != null) {
        left.remove(verdict.set());
        if (!verdict.set().id().startsWith("coming-")) {
          going.add(new Going(verdict.set(), why, when));
        }
      }
    }
  }
}
