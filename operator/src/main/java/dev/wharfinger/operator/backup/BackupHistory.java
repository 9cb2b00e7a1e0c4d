package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The StorageBackups of an instance that are there.
 *
 * @param records in any order
 */
public record BackupHistory(List<BackupRecord> records) {
  public BackupHistory {
    records = List.copyOf(records);
  }

  /** The last attempt of the latest slot that has any; null if the schedule has made none. */
  @Nullable BackupRecord latest() {
    return scheduled().max(BackupRecord.BY_SLOT).orElse(null);
  }

  /** One that the schedule has made and that has not ended; null if there is none. */
  @Nullable BackupRecord unfinished() {
    return scheduled().filter(r -> r.ended() == null).max(BackupRecord.BY_SLOT).orElse(null);
  }

  boolean has(Slot slot) {
    return scheduled().anyMatch(r -> slot.equals(r.slot()));
  }

  /** When the data of each completed backup were read. */
  public Collection<Instant> completed() {
    return good().map(BackupRecord::consistentAt).flatMap(Stream::ofNullable).toList();
  }

  /** The newest that is good; null if there is none. */
  public @Nullable BackupRecord lastSuccessful() {
    return good()
        .filter(r -> r.consistentAt() != null)
        .max(
            Comparator.comparing(
                (BackupRecord r) -> Objects.requireNonNull(r.consistentAt(), "filtered")))
        .orElse(null);
  }

  /** When its data were read. */
  @Nullable Instant lastSuccess() {
    BackupRecord last = lastSuccessful();
    return last == null ? null : last.consistentAt();
  }

  /**
   * The latest slot that has had its backup: one that began late, after having waited, stands for
   * all slots that had come when its data were read.
   */
  @Nullable Instant lastSlot(Schedule schedule, Duration jitter, Instant now) {
    return scheduled()
        .flatMap(r -> Stream.concat(named(r), covered(r, schedule, jitter, now)))
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  /** The name of the last one that failed since there was a good one, and its reason; or null. */
  @Nullable String lastFailure() {
    Instant good = lastSuccess();
    return records.stream()
        .filter(r -> r.is(BackupPhase.FAILED) || r.is(BackupPhase.SUSPICIOUS))
        .filter(r -> good == null || r.end().isAfter(good))
        .max(Comparator.comparing(BackupRecord::end).thenComparing(BackupRecord::name))
        .map(r -> r.name() + " ended with " + Objects.requireNonNull(r.ended()).reason())
        .orElse(null);
  }

  private static Stream<Instant> named(BackupRecord one) {
    return Stream.ofNullable(one.slot()).map(Slot::at);
  }

  private static Stream<Instant> covered(
      BackupRecord one, Schedule schedule, Duration jitter, Instant now) {
    return one.is(BackupPhase.COMPLETED)
        ? Stream.ofNullable(one.consistentAt())
            .filter(at -> !at.isAfter(now))
            .map(at -> schedule.latestUpTo(at.minus(jitter)))
        : Stream.empty();
  }

  private Stream<BackupRecord> scheduled() {
    return records.stream().filter(r -> r.slot() != null);
  }

  private Stream<BackupRecord> good() {
    return records.stream().filter(r -> r.is(BackupPhase.COMPLETED));
  }
}
