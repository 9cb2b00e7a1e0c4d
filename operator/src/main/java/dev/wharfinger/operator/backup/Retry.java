package dev.wharfinger.operator.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a backup that failed is tried again, under the name of the same slot. The next slot always
 * goes first: an attempt that would come after it is not made.
 */
public enum Retry {
  /** May be otherwise soon: network, throttling, a node that went away, a lock that was held. */
  TRANSIENT,

  /** Is the same until somebody acts: wrong key, no such bucket, damaged data, not supported. */
  PERMANENT;

  private static final List<Duration> DELAYS =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));

  /**
   * The cause of a failure.
   *
   * @param reason what the StorageBackup says
   */
  public static Retry of(String reason) {
    return reason.equals(BackupJudgement.REFUSED) ? PERMANENT : TRANSIENT;
  }

  /**
   * When to try again; empty where this was the last attempt.
   *
   * @param attempts that were made, the failed one among them: 1 or more
   * @param failed when the last one ended
   * @param next when the backup of the next slot begins, with its jitter; null if there is none
   */
  public Optional<Instant> after(int attempts, Instant failed, @Nullable Instant next) {
    if (attempts < 1) {
      throw new IllegalArgumentException(attempts + " attempts cannot have failed");
    }
    if (this == PERMANENT || attempts > DELAYS.size()) {
      return Optional.empty();
    }
    Instant again = failed.plus(DELAYS.get(attempts - 1));
    return next == null || again.isBefore(next) ? Optional.of(again) : Optional.empty();
  }
}
