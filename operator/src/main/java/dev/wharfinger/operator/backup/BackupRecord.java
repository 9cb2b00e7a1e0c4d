package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.model.Labels;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a StorageBackup tells of itself, by its labels and by what it ended with; never by its
 * status.
 *
 * @param name of the StorageBackup
 * @param slot which it was made for; null where a person asked for it
 * @param attempt which one of that slot it is, from 1
 * @param created when it was asked for
 * @param ended what it ended with; null while it has not
 */
public record BackupRecord(
    String name, @Nullable Slot slot, int attempt, Instant created, @Nullable BackupResult ended) {
  /** The last attempt of the last slot is the greatest; those of people are the least. */
  static final Comparator<BackupRecord> BY_SLOT =
      Comparator.comparing((BackupRecord r) -> r.slot == null ? Instant.MIN : r.slot.at())
          .thenComparing(BackupRecord::attempt);

  /** Reads one. */
  public static BackupRecord of(StorageBackup backup) {
    Map<String, String> labels =
        Objects.requireNonNullElse(backup.getMetadata().getLabels(), Map.of());
    String attempt = labels.getOrDefault(Labels.BACKUP_ATTEMPT, "");
    int number = attempt.matches("[1-9][0-9]?") ? Integer.parseInt(attempt) : 1;
    return new BackupRecord(
        backup.getMetadata().getName(),
        slot(backup, labels, number),
        number,
        Objects.requireNonNullElse(
            instant(backup.getMetadata().getCreationTimestamp()), Instant.EPOCH),
        BackupResult.of(backup));
  }

  /** Its name tells it too: what somebody copies under another name is that person's own. */
  private static @Nullable Slot slot(
      StorageBackup backup, Map<String, String> labels, int attempt) {
    Slot slot = Labels.made(backup) ? Slot.parse(labels.get(Labels.BACKUP_SLOT)) : null;
    return slot != null
            && slot.name(labels.getOrDefault(Labels.INSTANCE, ""), attempt)
                .equals(backup.getMetadata().getName())
        ? slot
        : null;
  }

  /** Whether it ended so. */
  boolean is(BackupPhase phase) {
    return ended != null && ended.facts().phase() == phase;
  }

  /** The instant that its set has the data of; null where there is no such set. */
  @Nullable Instant consistentAt() {
    return ended == null ? null : instant(ended.facts().consistentAt());
  }

  /** When it ended; when it was asked for, where nobody knows. */
  Instant end() {
    Instant finished = ended == null ? null : instant(ended.facts().finishedAt());
    return finished == null ? created : finished;
  }

  /** For retention. */
  BackupSet set() {
    Instant at = consistentAt();
    StorageBackupStatus facts = ended == null ? Facts.NONE : ended.facts();
    return new BackupSet(
        name,
        at == null ? created : at,
        state(),
        at == null ? BackupSet.Level.STORED : BackupSet.Level.HASH_VERIFIED,
        false,
        false,
        facts.target() == null ? "" : facts.target().prefix());
  }

  private BackupSet.State state() {
    if (ended == null) {
      return BackupSet.State.UNFINISHED;
    }
    if (is(BackupPhase.SUSPICIOUS)) {
      return BackupSet.State.SUSPICIOUS;
    }
    if (is(BackupPhase.COMPLETED)) {
      // Whose data it has stands in the target, and nothing is concluded without.
      return consistentAt() == null ? BackupSet.State.LOST : BackupSet.State.COMPLETED;
    }
    // Of a lost one nobody knows whether the target has it.
    return ended.reason().equals(BackupJudgement.LOST)
        ? BackupSet.State.LOST
        : BackupSet.State.FAILED;
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
