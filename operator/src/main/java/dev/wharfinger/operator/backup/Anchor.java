package dev.wharfinger.operator.backup;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From when on a schedule counts. Kept in the status; if it is lost there, the backups that exist
 * tell how far it had come.
 *
 * @param fingerprint of the schedule it was made for
 * @param since no slot before it is due
 * @param resumed whether backups were begun or resumed then, rather than their schedule changed
 * @param suspended whether they are suspended now
 */
public record Anchor(String fingerprint, Instant since, boolean resumed, boolean suspended) {
  /**
   * What to keep now. Whoever adds, edits or resumes a schedule does not ask for the slots that it
   * would have had before.
   *
   * @param kept what was kept before; null if there was no schedule, or the status was lost
   * @param suspended what the spec says now
   * @param lastSlot the latest slot of which a backup exists; null if there is none
   */
  public static Anchor of(
      @Nullable Anchor kept,
      Schedule schedule,
      boolean suspended,
      @Nullable Instant lastSlot,
      Instant now) {
    String fingerprint = schedule.fingerprint();
    if (kept == null) {
      return lastSlot == null
          ? new Anchor(fingerprint, now, true, suspended)
          : new Anchor(fingerprint, lastSlot, false, suspended);
    }
    if (kept.suspended && !suspended) {
      return new Anchor(fingerprint, now, true, false);
    }
    return kept.fingerprint.equals(fingerprint)
        ? new Anchor(fingerprint, kept.since, kept.resumed, suspended)
        : new Anchor(fingerprint, now, false, suspended);
  }
}
