package dev.wharfinger.operator;

import io.javaoperatorsdk.operator.Operator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ready while every watch is open. Not live only when that has been untrue for minutes: between two
 * watches an informer counts as unhealthy for a moment, and restarting for that would be worse.
 */
final class Health {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Operator operator;
  private final BooleanSupplier waiting;
  private final Clock clock;
  private @Nullable Instant unhealthySince;

  /**
   * @param waiting whether there is nothing to serve yet, which no restart would mend
   */
  Health(Operator operator, BooleanSupplier waiting, Clock clock) {
    this.operator = operator;
    this.waiting = waiting;
    this.clock = clock;
  }

  /** Whether the operator sees the world. */
  synchronized boolean ready() {
    boolean good =
        operator.getRuntimeInfo().isStarted()
            && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    if (good || waiting.getAsBoolean()) {
      unhealthySince = null;
    } else if (unhealthySince == null) {
      unhealthySince = clock.instant();
    }
    return good;
  }

  /** Whether waiting still makes sense. */
  synchronized boolean live() {
    Instant since = ready() ? null : unhealthySince;
    return since == null || since.plus(PATIENCE).isAfter(clock.instant());
  }
}
