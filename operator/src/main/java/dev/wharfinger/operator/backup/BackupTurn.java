package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule asks for at one moment. A function of the spec, of the StorageBackups that are
 * there, of what was kept and of the time.
 *
 * @param anchor to be kept
 * @param lastSlot to be kept: the latest slot that was run or missed; null if there was none
 * @param what there is to do
 * @param wake when there may be something else to do; null if nothing comes by itself
 */
public record BackupTurn(
    Anchor anchor, @Nullable Instant lastSlot, What what, @Nullable Instant wake) {

  /** What there is to do. */
  public sealed interface What {}

  /** Nothing. */
  public record Nothing() implements What {}

  /**
   * A backup is due.
   *
   * @param slot which it is named after
   * @param attempt which one of that slot
   * @param trigger why it is made
   * @param missed how many slots before it were not run
   */
  public record Make(Slot slot, int attempt, Trigger trigger, int missed) implements What {}

  /**
   * One is due, and another that the schedule has made comes first. That one will have the data of
   * when it begins, so there is no need for a third.
   */
  public record After(String name) implements What {}

  /** It was too late for so many slots, of which this is the last. */
  public record Late(Slot slot, int missed) implements What {}

  /** Why a StorageBackup is made. */
  public enum Trigger {
    SCHEDULED("Scheduled"),
    CATCH_UP("CatchUp"),
    RETRY("Retry");

    private final String word;

    Trigger(String word) {
      this.word = word;
    }

    /** For a label. */
    public String word() {
      return word;
    }
  }

  /**
   * What is asked for now.
   *
   * @param policy with a schedule
   * @param created of the instance
   * @param kept the anchor that was kept; null if there was none, or it was lost
   * @param keptLast the last slot that was kept
   */
  public static BackupTurn of(
      BackupPolicy policy,
      Instant created,
      @Nullable Anchor kept,
      @Nullable Instant keptLast,
      BackupHistory history,
      Instant now) {
    Schedule schedule = Objects.requireNonNull(policy.schedule(), "a schedule");
    BackupRecord latest = history.latest();
    Slot named = latest == null ? null : latest.slot();
    Anchor anchor =
        Anchor.of(kept, schedule, policy.suspended(), named == null ? null : named.at(), now);
    Instant last = later(keptLast, history.lastSlot(schedule, policy.jitter(), now));
    if (policy.suspended()) {
      return new BackupTurn(anchor, last, new Nothing(), null);
    }
    Instant next = schedule.nextAfter(now.minus(policy.jitter())).plus(policy.jitter());
    Due due =
        new Due(
            schedule,
            policy.jitter(),
            policy.startingDeadline(),
            Objects.requireNonNullElseGet(policy.maxAge(), () -> BackupHealth.maxAge(schedule)),
            created,
            anchor,
            last,
            history.lastSuccess());
    return switch (due.at(now)) {
      case Due.Wait wait -> again(anchor, last, wait.until(), history, now);
      case Due.Missed missed ->
          new BackupTurn(
              anchor, missed.slot().at(), new Late(missed.slot(), missed.missed()), next);
      case Due.Run run -> new BackupTurn(anchor, last, run(run, history), next);
    };
  }

  private static What run(Due.Run run, BackupHistory history) {
    BackupRecord unfinished = history.unfinished();
    if (unfinished != null) {
      return new After(unfinished.name());
    }
    return history.has(run.slot())
        // What was kept of it was not believed.
        ? new Nothing()
        : new Make(
            run.slot(), 1, run.catchUp() ? Trigger.CATCH_UP : Trigger.SCHEDULED, run.missed());
  }

  /** Nothing is due but, perhaps, another attempt. */
  private static BackupTurn again(
      Anchor anchor, @Nullable Instant last, Instant next, BackupHistory history, Instant now) {
    BackupRecord failed = history.latest();
    Slot slot = failed == null ? null : failed.slot();
    if (failed == null
        || slot == null
        || !failed.is(BackupPhase.FAILED)
        || isMended(failed, history)) {
      return new BackupTurn(anchor, last, new Nothing(), next);
    }
    Instant again =
        Retry.of(Objects.requireNonNull(failed.ended()).reason())
            .after(failed.attempt(), failed.end(), next)
            .orElse(null);
    if (again == null) {
      return new BackupTurn(anchor, last, new Nothing(), next);
    }
    return again.isAfter(now)
        ? new BackupTurn(anchor, last, new Nothing(), again)
        : new BackupTurn(
            anchor, last, new Make(slot, failed.attempt() + 1, Trigger.RETRY, 0), next);
  }

  /** Whether somebody has made a good one since. */
  private static boolean isMended(BackupRecord failed, BackupHistory history) {
    Instant good = history.lastSuccess();
    return good != null && good.isAfter(failed.end());
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    return one == null || other != null && other.isAfter(one) ? other : one;
  }
}
