package dev.wharfinger.operator.reconcile;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * When a restore that failed for a cause that may pass is tried again.
 *
 * @param job the Job that failed
 * @param now the time
 */
record RestoreRetry(Job job, Instant now) {
  private static final Duration PAUSE = Duration.ofMinutes(5);

  boolean due() {
    return !now.isBefore(at());
  }

  Duration remaining() {
    return Duration.between(now, at()).plusSeconds(1);
  }

  private Instant at() {
    return job.getStatus().getConditions().stream()
        .filter(c -> "Failed".equals(c.getType()) && c.getLastTransitionTime() != null)
        .map(c -> time(c.getLastTransitionTime()).plus(PAUSE))
        .findFirst()
        .orElse(now);
  }

  private Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return now.minus(PAUSE);
    }
  }
}
