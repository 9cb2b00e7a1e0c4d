package dev.wharfinger.operator.migration;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.job.AbortOutcome;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.status.Failure;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The world as one pass saw it. Nothing in it comes from a status: what counts is written on the
 * objects themselves.
 *
 * @param intent what is asked for
 * @param target the backend to go to
 * @param jobs the Jobs of this migration
 * @param fence consumers and pods
 * @param findings what a refused report says, without any data; null where there is none
 * @param loss what going back to the retained file loses; null for a move that copies
 * @param now the time of the pass
 */
public record Observed(
    Intent intent,
    Target target,
    Jobs jobs,
    Fence fence,
    @Nullable String findings,
    @Nullable Loss loss,
    Instant now) {

  /** A migration that has ended: nothing else needs to be looked at. */
  public static Observed ended(Intent intent, Instant now) {
    return new Observed(
        intent,
        new Target(Backend.SQLITE, Backend.SQLITE, false, null, Server.ABSENT, Schema.DERIVED),
        new Jobs(
            JobOutcome.ABSENT,
            JobOutcome.ABSENT,
            JobOutcome.ABSENT,
            null,
            Runner.NEVER_SEEN,
            false,
            true,
            AbortOutcome.ABSENT,
            null,
            null,
            null),
        new Fence(null, false, null, List.of(), List.of(), null),
        null,
        null,
        now);
  }

  /**
   * What is asked for.
   *
   * @param dryRun stop after preflight
   * @param byOperator whether the operator made this migration
   * @param deleting whether the migration is being deleted
   * @param cancelled whether it was taken back for good
   * @param turnedBack whether the instance asks for another backend now, or is being deleted
   * @param instancePresent whether the instance it was made for exists
   * @param rollback why it was given up for good, as {@code Reason: message}
   * @param ended the phase it ended in
   */
  public record Intent(
      boolean dryRun,
      boolean byOperator,
      boolean deleting,
      boolean cancelled,
      boolean turnedBack,
      boolean instancePresent,
      @Nullable String rollback,
      @Nullable MigrationPhase ended) {

    boolean takenBack() {
      return cancelled || deleting || turnedBack || !instancePresent || rollback != null;
    }

    /** Whether that stands on the migration itself, so that nobody can turn it round again. */
    boolean takenBackForGood() {
      return cancelled || rollback != null;
    }
  }

  /** How far a PostgreSQL server is. */
  public enum Server {
    ABSENT,
    STARTING,
    READY
  }

  /** Who makes the schema on the target. */
  public enum Schema {
    /** The transfer derives it. */
    DERIVED,
    FLYWAY,
    /** The application's own tool, in its own image. */
    COMMAND,
    /** The same, yet the administrator did not allow it. */
    COMMAND_NOT_ALLOWED,
    /** The same, yet there is no consumer whose image could be used. */
    COMMAND_WITHOUT_CONSUMER
  }

  /**
   * The backend to go to.
   *
   * @param active where the binding points
   * @param source where the data must be for this migration to have anything to do
   * @param flipped whether the binding says that this migration flipped it
   * @param switchedAt when it did
   * @param server the server's state; absent too where a move to SQLite has no volume yet
   * @param schema who makes the schema
   */
  public record Target(
      Backend active,
      Backend source,
      boolean flipped,
      @Nullable Instant switchedAt,
      Server server,
      Schema schema) {

    Backend to() {
      return source == Backend.SQLITE ? Backend.POSTGRESQL : Backend.SQLITE;
    }
  }

  /** Whether a container of the transfer ever ran. */
  public enum Runner {
    NEVER_SEEN,
    /** It is seen now, or its Job tells. */
    SEEN,
    /** It was seen once, and that stands on the migration. */
    NOTED
  }

  /**
   * The Jobs of this migration.
   *
   * @param schema outcome of the schema Job
   * @param preflight outcome of the preflight Job
   * @param transfer outcome of the transfer Job
   * @param transferStarted when the first transfer Job was about to be made; null if none was
   * @param runner whether a container of the transfer ever ran
   * @param transferReady whether the transfer's pod says: committed, and the source is locked
   * @param transferPodsGone whether no pod of a transfer Job can still run
   * @param abort outcome of the abort Job
   * @param abortFailedAt when the abort Job failed
   * @param schemaFailure why the schema Job failed; null unless it did
   * @param obstacle what keeps the abort's pod, or else the transfer's, from starting, or null
   */
  public record Jobs(
      JobOutcome schema,
      JobOutcome preflight,
      JobOutcome transfer,
      @Nullable Instant transferStarted,
      Runner runner,
      boolean transferReady,
      boolean transferPodsGone,
      AbortOutcome abort,
      @Nullable Instant abortFailedAt,
      @Nullable Failure schemaFailure,
      @Nullable String obstacle) {

    /** The transfer itself says that the marker is in the database. */
    boolean committed() {
      return transferReady || transfer == JobOutcome.COMPLETE;
    }

    boolean neverStarted() {
      return transferStarted == null && transfer == JobOutcome.ABSENT;
    }
  }

  /**
   * Consumers and pods, from live lists.
   *
   * @param fencedAt when the fence began
   * @param again whether that is when it began for the second time
   * @param returnedAt when the consumers had been given back
   * @param consumers everything that reads the binding or mounts the data
   * @param pods pods in the way
   * @param backup a Job that makes a backup of the data, or null
   */
  public record Fence(
      @Nullable Instant fencedAt,
      boolean again,
      @Nullable Instant returnedAt,
      List<Consumer> consumers,
      List<ForeignPod> pods,
      @Nullable String backup) {

    List<Consumer> toFence() {
      return consumers.stream().filter(Consumer::needsFence).toList();
    }

    List<Consumer> fencedByUs() {
      return consumers.stream().filter(Consumer::fencedByUs).toList();
    }

    List<Consumer> heldByAnother() {
      return consumers.stream().filter(c -> c.holder() == Consumer.Holder.ANOTHER).toList();
    }
  }
}
