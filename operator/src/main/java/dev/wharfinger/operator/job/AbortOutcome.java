package dev.wharfinger.operator.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.jspecify.annotations.Nullable;

/** What the abort Job found out about the transfer. */
public enum AbortOutcome {
  /** There is no such Job. */
  ABSENT,
  RUNNING,
  /** The marker says aborted: the transfer can never commit any more. */
  ABORTED,
  /** The marker said committed before the abort came: only forward. */
  COMMITTED,
  /** Every try failed; nothing is known. */
  UNKNOWN;

  /**
   * Reads the Job's conditions, which outlive its pods. The abort Job has one rule that fails it at
   * once, for the exit code that says committed; no other failure carries that reason.
   */
  public static AbortOutcome of(@Nullable Job job) {
    return switch (JobOutcome.of(job)) {
      case ABSENT -> ABSENT;
      case RUNNING -> RUNNING;
      case COMPLETE -> ABORTED;
      case REFUSED -> COMMITTED;
      case FAILED -> UNKNOWN;
    };
  }
}
