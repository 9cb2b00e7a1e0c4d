package dev.wharfinger.operator.backup;

import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The condition {@code RestoreProven}. Ready does not depend on it. */
public final class DrillCondition {
  public static final String TYPE = "RestoreProven";

  private DrillCondition() {}

  /**
   * What is known of restoring.
   *
   * @param last the last drill; null where there was none
   * @param impossible why the newest set cannot be tried, and the way out; null where it can
   * @param completed when the data of each good backup were read
   * @param waiting what a drill that is due waits for; null if none does
   */
  public static Condition of(
      DrillPolicy policy,
      @Nullable DrillRecord last,
      @Nullable String impossible,
      Collection<Instant> completed,
      @Nullable String waiting,
      Instant now) {
    if (impossible != null) {
      return Conditions.advice(TYPE, Conditions.UNKNOWN, "DrillImpossible", impossible);
    }
    String rest =
        (policy.suspended() ? "; backup.drill.suspend is true" : "")
            + (waiting == null ? "" : "; one is due: " + waiting);
    if (last == null) {
      Instant first = first(completed);
      String status =
          first != null && isOld(first, policy, now) ? Conditions.FALSE : Conditions.UNKNOWN;
      return Conditions.advice(
          TYPE,
          status,
          "NeverDrilled",
          (first == null
                  ? "there is no good backup yet whose set could be restored for a try"
                  : "no set was restored for a try yet")
              + rest);
    }
    String said = "the set of StorageBackup " + last.backup();
    DrillResult ended = last.ended();
    if (!ended.proven()) {
      return Conditions.advice(
          TYPE,
          Conditions.FALSE,
          "DrillFailed",
          said
              + " was not proven by the drill of "
              + ended.at()
              + ": "
              + (ended.reason() == null ? "" : ended.reason() + ": ")
              + ended.message()
              + "; keep all older sets");
    }
    said += " was restored for a try at " + ended.at() + " and is as it was backed up";
    return isOld(ended.began(), policy, now)
        ? Conditions.advice(
            TYPE,
            Conditions.FALSE,
            "DrillOld",
            said + ", and that may be no longer ago than " + Span.text(policy.maxAge()) + rest)
        : Conditions.advice(TYPE, Conditions.TRUE, "Proven", said);
  }

  /** A schedule that cannot be followed makes no drills. */
  public static Condition of(ScheduleException e) {
    String where = e.field().equals("schedule") ? "spec.backup.drill." : "spec.backup.";
    return Conditions.advice(TYPE, Conditions.FALSE, "ScheduleInvalid", where + e.explanation());
  }

  /** When the condition changes if nothing happens; null where it does not. */
  public static @Nullable Instant changes(
      DrillPolicy policy, @Nullable DrillRecord last, Collection<Instant> completed, Instant now) {
    Instant since = last == null ? first(completed) : last.ended().began();
    Instant then = since == null ? null : since.plus(policy.maxAge()).plusSeconds(1);
    return then == null || !then.isAfter(now) ? null : then;
  }

  private static @Nullable Instant first(Collection<Instant> completed) {
    return completed.stream().min(Comparator.naturalOrder()).orElse(null);
  }

  private static boolean isOld(Instant since, DrillPolicy policy, Instant now) {
    return Duration.between(since, now).compareTo(policy.maxAge()) > 0;
  }
}
