package dev.wharfinger.operator.restore;

import dev.wharfinger.operator.job.RestoreRole;
import dev.wharfinger.operator.migration.Consumer;
import java.util.List;

/**
 * One thing to do. A pass does its actions in order and stops at the first that fails; the next
 * pass looks again, so every action can be repeated.
 */
public sealed interface RestoreAction {
  /** Writes the plan on the restore, and takes away what a copy brought along. */
  record Decide(RestorePlan plan) implements RestoreAction {}

  /** Annotates the restore, against the version that was read. */
  record Annotate(String name, String value) implements RestoreAction {}

  /** Writes down why it is given up, and that the swap was not begun, in one patch. */
  record TakeBack(String why) implements RestoreAction {}

  /** Asks for the backup of what is there, unless it was asked for. */
  record MakeBackup() implements RestoreAction {}

  /** Forces consumers to zero and remembers what they had, each in one patch. */
  record Fence(List<Consumer> consumers) implements RestoreAction {}

  /** Gives consumers back what they had, each in one patch. */
  record ReturnConsumers(List<Consumer> consumers) implements RestoreAction {}

  /** Creates a Job unless it exists. */
  record CreateJob(RestoreRole role) implements RestoreAction {}

  /** Deletes the Job that was seen, and no namesake. */
  record DeleteJob(RestoreRole role) implements RestoreAction {}

  /** Writes on the claim that this restore is about to exchange its files. */
  record HoldClaim() implements RestoreAction {}

  /** Takes that off the claim again, if it stands there. */
  record ReleaseClaim() implements RestoreAction {}

  /** Writes on the claim what its data are of. */
  record MarkClaim(String restored) implements RestoreAction {}
}
