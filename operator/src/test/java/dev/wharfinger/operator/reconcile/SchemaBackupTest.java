package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which set is good enough before a migration. */
class SchemaBackupTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private static boolean tooOld(
      BackupPhase phase, @Nullable String began, @Nullable String data, @Nullable String ended) {
    return SchemaBackup.tooOld(
        new StorageBackupStatus(
            null, phase, null, null, null, null, began, data, ended, null, null, null, null, null),
        NOW);
  }

  @Test
  void aSetIsGoodForAnHour() {
    assertThat(tooOld(BackupPhase.COMPLETED, null, "2026-11-22T11:00:00Z", null)).isFalse();
    assertThat(tooOld(BackupPhase.COMPLETED, null, "2026-11-22T10:59:59.9Z", null)).isTrue();
    assertThat(tooOld(BackupPhase.SUSPICIOUS, null, "2026-11-15T11:00:00Z", null)).isTrue();
  }

  /** Else a large database would be backed up for ever, and never migrated. */
  @Test
  void oneThatTookLongCountsFromItsEnd() {
    assertThat(
            tooOld(
                BackupPhase.COMPLETED,
                "2026-11-22T05:00:00Z",
                "2026-11-22T05:00:07.5Z",
                "2026-11-22T11:30:00Z"))
        .isFalse();
    assertThat(
            tooOld(
                BackupPhase.COMPLETED,
                "2026-11-22T04:00:00Z",
                "2026-11-22T04:00:07.5Z",
                "2026-11-22T10:30:00Z"))
        .isTrue();
  }

  /** A Job that is made again finds the set that the first one made. */
  @Test
  void theDataOfBeforeItsJobIsAsOldAsItIs() {
    assertThat(
            tooOld(
                BackupPhase.COMPLETED,
                "2026-11-22T11:50:00Z",
                "2026-11-15T05:00:00Z",
                "2026-11-22T11:51:00Z"))
        .isTrue();
  }

  @Test
  void whereNobodyKnowsOfWhenItIsItIsTooOld() {
    assertThat(tooOld(BackupPhase.COMPLETED, null, null, "2026-11-22T11:51:00Z")).isTrue();
    assertThat(tooOld(BackupPhase.COMPLETED, null, "yesterday", null)).isTrue();
  }

  @Test
  void oneThatFailedIsSaidAndNotPassedOver() {
    assertThat(tooOld(BackupPhase.FAILED, null, null, "2026-11-15T11:51:00Z")).isFalse();
  }
}
