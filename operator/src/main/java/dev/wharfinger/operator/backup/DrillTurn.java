package dev.wharfinger.operator.backup;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a drill is due. A function of the spec, of what the last drill has left behind and of the
 * time; nothing else is kept. A drill stands for all slots until it began, whoever asked for it, so
 * what was missed is made up for once, as after a suspension.
 *
 * @param ask what its Job is named after, so that it is made once; null where none is due
 * @param wake when there may be another one due; null if nothing comes by itself
 */
public record DrillTurn(@Nullable String ask, @Nullable Instant wake) {

  /**
   * What is asked for now.
   *
   * @param created of the instance; no slot before it counts
   * @param word hash of the text by which a person asks; null where there is none
   * @param last the last drill; null where there was none
   */
  public static DrillTurn of(
      DrillPolicy policy,
      Instant created,
      @Nullable String word,
      @Nullable DrillResult last,
      Instant now) {
    Due.Decision due = due(policy, created, last).at(now);
    Instant wake =
        policy.suspended()
            ? null
            : due instanceof Due.Wait(Instant until)
                ? until
                : policy.schedule().nextAfter(now.minus(policy.jitter())).plus(policy.jitter());
    if (word != null && (last == null || !Objects.equals(word, last.word()))) {
      return new DrillTurn("word " + word, wake);
    }
    return new DrillTurn(
        due instanceof Due.Run run && !policy.suspended() ? "slot " + run.slot().label() : null,
        wake);
  }

  private static Due due(DrillPolicy policy, Instant created, @Nullable DrillResult last) {
    return new Due(
        policy.schedule(),
        policy.jitter(),
        null,
        policy.maxAge(),
        created,
        new Anchor(policy.schedule().fingerprint(), created, false, policy.suspended()),
        last == null ? null : last.began().minus(policy.jitter()),
        null);
  }
}
