package dev.wharfinger.operator.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.operator.backup.BackupState.Mood;
import dev.wharfinger.operator.model.Annotations;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a backup ended with. It stands on the StorageBackup itself, so that neither a wiped status
 * nor a Job that was cleaned up takes it away.
 *
 * @param reason the conditions' reason
 * @param message the conditions' message
 * @param facts all of the status but its conditions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackupResult(String reason, String message, StorageBackupStatus facts) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** An end. */
  static BackupResult end(
      BackupPhase phase, String reason, String message, StorageBackupStatus facts) {
    return new BackupResult(
        reason,
        message,
        new StorageBackupStatus(
            null,
            phase,
            facts.backend(),
            facts.target(),
            facts.setId(),
            facts.job(),
            facts.startedAt(),
            facts.consistentAt(),
            facts.finishedAt(),
            facts.totals(),
            facts.recipients(),
            facts.level(),
            facts.warnings(),
            null));
  }

  /**
   * What a backup ended with, or null while it has not; a copy of one that has is another backup.
   *
   * @return also where the text was spoiled: then only the phase is known
   */
  public static @Nullable BackupResult of(StorageBackup backup) {
    BackupPhase phase = phase(Annotations.get(backup, Annotations.ENDED));
    if (phase == null
        || !Objects.equals(
            backup.getMetadata().getUid(), Annotations.get(backup, Annotations.BACKUP_OF))) {
      return null;
    }
    try {
      String text =
          Objects.requireNonNullElse(Annotations.get(backup, Annotations.BACKUP_RESULT), "null");
      BackupResult read = MAPPER.readValue(text, BackupResult.class);
      if (read != null && read.reason != null && read.message != null && read.facts != null) {
        return end(phase, read.reason, read.message, read.facts);
      }
    } catch (JsonProcessingException e) {
      // Said below.
    }
    return end(
        phase,
        phase.value(),
        "the annotation "
            + Annotations.BACKUP_RESULT
            + " is gone or spoiled; list the sets in the target",
        Facts.NONE);
  }

  private static @Nullable BackupPhase phase(@Nullable String word) {
    for (BackupPhase phase : BackupPhase.values()) {
      if (phase.ended() && phase.value().equals(word)) {
        return phase;
      }
    }
    return null;
  }

  /** For the annotation. */
  public String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written", e);
    }
  }

  /** How it is told. */
  public BackupState state() {
    BackupPhase phase = Objects.requireNonNull(facts.phase(), "an end has a phase");
    return new BackupState(
        phase, phase == BackupPhase.COMPLETED ? Mood.GOOD : Mood.STALLED, reason, message);
  }
}
