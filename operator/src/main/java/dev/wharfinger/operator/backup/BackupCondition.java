package dev.wharfinger.operator.backup;

import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The condition {@code BackupHealthy}. Ready does not depend on it. */
public final class BackupCondition {
  public static final String TYPE = "BackupHealthy";

  private BackupCondition() {}

  /**
   * Whether there is a good backup that is new enough.
   *
   * @param suspended whether the schedule makes none for now
   * @param waiting what one that is due waits for; null if none does
   */
  public static Condition of(
      BackupHealth health, BackupHistory history, boolean suspended, @Nullable String waiting) {
    if (health.healthy()) {
      return Conditions.advice(
          TYPE,
          Conditions.TRUE,
          health.newest() == null ? "NoBackupYet" : "BackupRecent",
          health.explanation());
    }
    String failure = history.lastFailure();
    return Conditions.advice(
        TYPE,
        Conditions.FALSE,
        health.newest() == null ? "NoBackup" : "BackupTooOld",
        health.explanation()
            + (suspended ? "; backup.suspend is true" : "")
            + (waiting == null ? "" : "; one is due and waits: " + waiting)
            + (failure == null ? "" : "; " + failure));
  }

  /** The same, with the files that the application has beside the server, and no dump of it. */
  public static Condition without(Condition condition, List<String> files) {
    return files.isEmpty()
        ? condition
        : condition
            .edit()
            .withMessage(
                condition.getMessage()
                    + "; "
                    + String.join(", ", files)
                    + " of sqlite.unmovedDatabases are in no set of PostgreSQL: keep copies of your own")
            .build();
  }

  /** A schedule that cannot be followed makes no backups. */
  public static Condition of(ScheduleException e) {
    return Conditions.advice(
        TYPE, Conditions.FALSE, "ScheduleInvalid", "spec.backup." + e.explanation());
  }
}
