package dev.wharfinger.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ready while every watch is open. Not live only when that has been untrue for minutes: between two
 * watches an informer counts as unhealthy for a moment, and restarting for that would be worse.
 */
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Operator operator;
  private final BooleanSupplier waiting;
  private final Clock clock;
  private @Nullable Instant unhealthySince;
  private Set<String> unwatched = Set.of();
  private Set<String> told = Set.of();

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
    boolean started = operator.getRuntimeInfo().isStarted();
    boolean good = started && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    if (started) {
      tell(unwatched());
    }
    if (good || waiting.getAsBoolean()) {
      unhealthySince = null;
    } else if (unhealthySince == null) {
      unhealthySince = clock.instant();
    }
    return good;
  }

  private Set<String> unwatched() {
    return operator.getRuntimeInfo().unhealthyEventSources().values().stream()
        .flatMap(sources -> sources.values().stream())
        .filter(EventSource.class::isInstance)
        .map(source -> HasMetadata.getPlural(((EventSource<?, ?>) source).resourceType()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The client's own messages name no kind. What is over at the next look is not worth a word. */
  private void tell(Set<String> now) {
    if (now.equals(unwatched) && !now.equals(told)) {
      told = now;
      if (now.isEmpty()) {
        LOG.info("everything is watched again");
      } else {
        LOG.warn("not ready; these kinds are not watched: {}", String.join(", ", now));
      }
    }
    unwatched = now;
  }

  /** Whether waiting still makes sense. */
  synchronized boolean live() {
    Instant since = ready() ? null : unhealthySince;
    return since == null || since.plus(PATIENCE).isAfter(clock.instant());
  }
}
