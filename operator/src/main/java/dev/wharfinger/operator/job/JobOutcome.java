package dev.wharfinger.operator.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import org.jspecify.annotations.Nullable;

/** What became of a Job. */
public enum JobOutcome {
  /** There is no such Job. */
  ABSENT,
  RUNNING,
  COMPLETE,
  /** A pod ended with the exit code that says: refused, trying again cannot help. */
  REFUSED,
  /** Every try failed. */
  FAILED;

  /** Reads the Job's conditions. */
  public static JobOutcome of(@Nullable Job job) {
    if (job == null) {
      return ABSENT;
    }
    if (job.getStatus() == null || job.getStatus().getConditions() == null) {
      return RUNNING;
    }
    for (JobCondition condition : job.getStatus().getConditions()) {
      if (!"True".equals(condition.getStatus())) {
        continue;
      }
      if ("Complete".equals(condition.getType())) {
        return COMPLETE;
      }
      if ("Failed".equals(condition.getType())) {
        return "PodFailurePolicy".equals(condition.getReason()) ? REFUSED : FAILED;
      }
    }
    return RUNNING;
  }

  /** Whether nothing more will happen. */
  public boolean ended() {
    return this == COMPLETE || this == REFUSED || this == FAILED;
  }
}
