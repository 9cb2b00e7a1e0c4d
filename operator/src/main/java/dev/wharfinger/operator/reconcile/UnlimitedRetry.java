package dev.wharfinger.operator.reconcile;

import io.javaoperatorsdk.operator.processing.retry.GenericRetry;

/**
 * JOSDK gives up after five tries, and then nothing happens for hours. We never give up: 1 s,
 * doubling, up to 1 min.
 */
public final class UnlimitedRetry extends GenericRetry {
  public UnlimitedRetry() {
    setInitialInterval(1_000);
    setIntervalMultiplier(2);
    setMaxInterval(60_000);
    setMaxAttempts(-1);
  }
}
