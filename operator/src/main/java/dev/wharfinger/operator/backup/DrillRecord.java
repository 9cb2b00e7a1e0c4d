package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A drill that has ended, as the StorageBackup of its set tells it.
 *
 * @param backup name of the StorageBackup
 * @param ended what it ended with
 */
public record DrillRecord(String backup, DrillResult ended) {
  private static final Comparator<DrillRecord> BY_TIME =
      Comparator.comparing((DrillRecord r) -> r.ended.began()).thenComparing(DrillRecord::backup);

  /** What one StorageBackup tells, or null. */
  public static @Nullable DrillRecord of(StorageBackup backup) {
    DrillResult ended = DrillResult.of(backup);
    return ended == null ? null : new DrillRecord(backup.getMetadata().getName(), ended);
  }

  /** The last drill of these sets; null where there was none. */
  public static @Nullable DrillRecord last(Collection<StorageBackup> backups, Instant now) {
    return backups.stream()
        .map(DrillRecord::of)
        .flatMap(Stream::ofNullable)
        .filter(r -> DrillResult.believed(r.ended.began(), now))
        .max(BY_TIME)
        .orElse(null);
  }

  /** The later one of two drills, either of which may not have been. */
  public static @Nullable DrillRecord later(
      @Nullable DrillRecord one, @Nullable DrillRecord other) {
    return one == null || other != null && BY_TIME.compare(other, one) > 0 ? other : one;
  }

  /** For the status. */
  public BackupOverview.LastDrill told() {
    return new BackupOverview.LastDrill(
        backup, ended.at(), ended.seconds(), ended.dataAge(), ended.outcome(), ended.reason());
  }
}
