package dev.wharfinger.operator.restore;

import dev.wharfinger.api.v1alpha1.RestorePhase;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.migration.Consumer;
import dev.wharfinger.operator.migration.ForeignPod;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The world as one pass saw it, read live. Nothing in it comes from a status.
 *
 * @param intent what is asked for
 * @param plan what was decided, or null
 * @param obstacle why nothing can be decided, or null
 * @param decided the plan that can be written down now, or null
 * @param others what else is at work on the data, or null
 * @param first name of another restore of the same data that has stopped the application too and
 *     goes before this one, or null
 * @param backup how far the backup of what is there is
 * @param fence consumers and pods
 * @param stage the Job that makes the set beside the data
 * @param swap the Job that puts it in their place
 * @param swapStarted when the first of those was about to be made: from here there is only forward
 * @param restored what was swapped, as its Job or the restore itself says; null before
 * @param marked whether the claim says so too, or all by itself that it was this restore
 * @param held whether the claim, which stays, says that this restore may have exchanged some files;
 *     without that no Job was made that could have
 * @param now the time of the pass
 */
public record RestoreScene(
    Intent intent,
    @Nullable RestorePlan plan,
    @Nullable Obstacle obstacle,
    @Nullable RestorePlan decided,
    @Nullable String others,
    @Nullable String first,
    Backup backup,
    Fence fence,
    Work stage,
    Work swap,
    @Nullable Instant swapStarted,
    @Nullable String restored,
    boolean marked,
    boolean held,
    Instant now) {

  /**
   * What is asked for.
   *
   * @param dryRun stop with the plan
   * @param skipBackup make no backup of what is there
   * @param confirm what a person has said, or null
   * @param deleting it is being deleted
   * @param instancePresent whether there is the instance, and it stays
   * @param claimPresent whether there is the very claim of the plan, and it stays
   * @param rollback why it was given up, as {@code Reason: message}; or null
   * @param ended the end, or null
   */
  public record Intent(
      boolean dryRun,
      boolean skipBackup,
      @Nullable String confirm,
      boolean deleting,
      boolean instancePresent,
      boolean claimPresent,
      @Nullable String rollback,
      @Nullable RestorePhase ended) {}

  /**
   * Why nothing can be decided.
   *
   * @param passes whether it may pass by itself
   */
  public record Obstacle(String reason, String message, boolean passes) {}

  /**
   * How far the backup of what is there is.
   *
   * @param asked whether it was asked for
   * @param done whether there is a set
   * @param failed why there is none and never will be; null else
   * @param words what it says of itself
   * @param instant what its set has the data of, or null
   */
  public record Backup(
      String name,
      boolean asked,
      boolean done,
      @Nullable String failed,
      String words,
      @Nullable String instant) {}

  /**
   * Consumers and pods.
   *
   * @param fencedAt when the first consumer was about to be touched
   * @param returnedAt when they had been given back
   * @param consumers everything whose pods refer to the binding or the data
   * @param pods those that reach the data or belong to a consumer
   */
  public record Fence(
      @Nullable Instant fencedAt,
      @Nullable Instant returnedAt,
      List<Consumer> consumers,
      List<ForeignPod> pods) {
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

  /**
   * A Job.
   *
   * @param outcome what became of it
   * @param podsGone whether no pod of it, or of a namesake before it, can still run
   * @param endedAt when it was done or failed, or null
   * @param waitingSince when it was made, where none of its runners has started yet; null else
   * @param words what it has said, or what keeps it from starting; empty where nothing is known
   * @param untouched whether it has ended, and it is certain that nothing was changed by it or one
   *     before it
   */
  public record Work(
      JobOutcome outcome,
      boolean podsGone,
      @Nullable Instant endedAt,
      @Nullable Instant waitingSince,
      String words,
      boolean untouched) {}
}
