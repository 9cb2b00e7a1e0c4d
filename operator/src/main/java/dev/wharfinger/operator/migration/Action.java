package dev.wharfinger.operator.migration;

import dev.wharfinger.operator.job.JobRole;
import java.util.List;

/**
 * One thing to do. A pass does its actions in order and stops at the first that fails; the next
 * pass looks at the world again and decides anew, so every action can be repeated.
 */
public sealed interface Action {
  /** Annotates the migration, against the version that was read. */
  record Annotate(String name, String value) implements Action {}

  /** Forces consumers to zero and remembers what they had, each in one patch. */
  record Fence(List<Consumer> consumers) implements Action {}

  /** Gives consumers back what they had, each in one patch. */
  record ReturnConsumers(List<Consumer> consumers) implements Action {}

  /** Creates a Job unless it exists. */
  record CreateJob(JobRole role) implements Action {}

  /** Deletes the Job that was seen, and no namesake. */
  record DeleteJob(JobRole role) implements Action {}

  /** Makes the Secret through which the schema command sees the target. */
  record CreateCandidateBinding() implements Action {}

  /** Makes the server on which a dry run tries the data. */
  record CreateScratchServer() implements Action {}

  /** Removes the server of a dry run. */
  record DeleteScratchServer() implements Action {}

  /** Writes on both claims that the target's holds the data from now on. */
  record MarkClaims() implements Action {}

  /** Points the binding to the target, against the version that was read. */
  record FlipBinding() implements Action {}
}
