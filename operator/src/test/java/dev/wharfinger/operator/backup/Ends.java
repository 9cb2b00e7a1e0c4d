package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import java.time.Instant;

/** Ends of backups, for tests. */
final class Ends {
  static final String LINEAGE = "shop.notes/uid-1/sqlite-1";

  private Ends() {}

  /** One at an instant, whose data a good one has. */
  static BackupResult of(BackupPhase phase, String reason, Instant at) {
    return BackupResult.end(
        phase,
        reason,
        "m",
        new StorageBackupStatus(
            null,
            null,
            null,
            StorageBackupStatus.Target.onClaim("claim", LINEAGE),
            "set",
            null,
            null,
            phase == BackupPhase.COMPLETED ? at.toString() : null,
            at.toString(),
            null,
            null,
            null,
            null,
            null));
  }
}
