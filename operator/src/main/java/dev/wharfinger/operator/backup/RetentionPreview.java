package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What retention would do, for a status. Nothing is deleted by it. */
public final class RetentionPreview {
  private static final int MOST = 5;

  private RetentionPreview() {}

  /**
   * What would go first.
   *
   * @param lineage the folder that sets of the present data go to
   * @param healthy whether there is a good backup that is new enough
   * @param slots of the next backups
   * @return null where nobody says which sets are worth keeping
   */
  public static BackupOverview.@Nullable Retention of(
      BackupPolicy policy,
      String lineage,
      boolean healthy,
      BackupHistory history,
      List<Instant> slots,
      Instant now) {
    if (policy.retention() == null) {
      return null;
    }
    Map<String, BackupRecord> byName =
        history.records().stream()
            .collect(Collectors.toMap(BackupRecord::name, Function.identity()));
    Retention retention =
        new Retention(
            policy.retention(),
            policy.zone(),
            lineage,
            healthy ? Set.of() : Set.of(Freeze.UNHEALTHY));
    List<BackupOverview.Going> next =
        Forecast.of(
                retention,
                history.records().stream().map(BackupRecord::set).toList(),
                slots,
                MOST,
                now)
            .stream()
            .map(going -> going(going, byName.get(going.set().id()), now))
            .toList();
    return new BackupOverview.Retention(
        healthy ? null : "no good backup is new enough, and the old ones may be all there are",
        next);
  }

  private static BackupOverview.Going going(
      Forecast.Going going, @Nullable BackupRecord one, Instant now) {
    StorageBackupStatus facts = one == null || one.ended() == null ? null : one.ended().facts();
    Instant when = going.when();
    return new BackupOverview.Going(
        going.set().id(),
        facts == null ? null : facts.setId(),
        facts == null ? null : facts.consistentAt(),
        going.why().text(),
        // Not the moment of asking: it would be another one each time.
        when == null ? null : when.equals(now) ? "now" : when.toString());
  }
}
