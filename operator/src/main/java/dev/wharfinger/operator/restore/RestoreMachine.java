package dev.wharfinger.operator.restore;

import static dev.wharfinger.api.v1alpha1.RestorePhase.AWAITING_CONFIRMATION;
import static dev.wharfinger.api.v1alpha1.RestorePhase.BACKING_UP;
import static dev.wharfinger.api.v1alpha1.RestorePhase.FAILED;
import static dev.wharfinger.api.v1alpha1.RestorePhase.FENCED;
import static dev.wharfinger.api.v1alpha1.RestorePhase.PENDING;
import static dev.wharfinger.api.v1alpha1.RestorePhase.PLANNED;
import static dev.wharfinger.api.v1alpha1.RestorePhase.RESTORING;
import static dev.wharfinger.operator.restore.RestoreState.SOON;
import static dev.wharfinger.operator.restore.RestoreState.end;
import static dev.wharfinger.operator.restore.RestoreState.giveUp;
import static dev.wharfinger.operator.restore.RestoreState.stalled;
import static dev.wharfinger.operator.restore.RestoreState.working;

import dev.wharfinger.api.v1alpha1.RestorePhase;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.RestoreRole;
import dev.wharfinger.operator.migration.Consumer;
import dev.wharfinger.operator.migration.MigrationState.Mood;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.restore.RestoreAction.Annotate;
import dev.wharfinger.operator.restore.RestoreAction.CreateJob;
import dev.wharfinger.operator.restore.RestoreAction.Decide;
import dev.wharfinger.operator.restore.RestoreAction.HoldClaim;
import dev.wharfinger.operator.restore.RestoreAction.MakeBackup;
import dev.wharfinger.operator.restore.RestoreScene.Backup;
import dev.wharfinger.operator.restore.RestoreScene.Intent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to do next, given what was seen: a plan, a person's word, a backup, the fence, the set
 * beside the data, the swap. Up to the swap everything can be taken back and the data are as they
 * were.
 */
public final class RestoreMachine {
  /** How long the application may be kept at zero for pods that do not go. */
  static final Duration FENCE_TIMEOUT = Duration.ofMinutes(10);

  private RestoreMachine() {}

  /** What to do next. */
  public static RestoreState next(RestoreScene s) {
    Intent intent = s.intent();
    if (intent.ended() != null) {
      return ended(intent, intent.ended());
    }
    if (s.swapStarted() != null) {
      return Exchange.next(s);
    }
    if (intent.deleting() || intent.rollback() != null) {
      return Exchange.back(s);
    }
    if (s.marked()) {
      return Exchange.already(s);
    }
    RestorePlan plan = s.plan();
    if (plan == null) {
      return undecided(s);
    }
    if (!intent.instancePresent() || !intent.claimPresent()) {
      return giveUp(
          "InstanceNotFound",
          "the StorageInstance or the claim that this was planned for is gone or going; the volume was not touched");
    }
    if (intent.dryRun()) {
      return end(AWAITING_CONFIRMATION, PLANNED, "Planned", "the plan is made", List.of());
    }
    if (s.fence().fencedAt() == null) {
      return plan.token().equals(intent.confirm()) ? confirmed(s) : unconfirmed(s, plan);
    }
    return fenced(s, s.fence().fencedAt());
  }

  private static RestoreState undecided(RestoreScene s) {
    if (s.decided() != null) {
      return working(PENDING, "Planning", "the plan is made").doing(new Decide(s.decided()));
    }
    RestoreScene.Obstacle obstacle = Objects.requireNonNull(s.obstacle(), "a plan, or why none");
    Instant fencedAt = s.fence().fencedAt();
    boolean over =
        fencedAt == null || Duration.between(fencedAt, s.now()).compareTo(FENCE_TIMEOUT) > 0;
    if (fencedAt != null || !s.fence().fencedByUs().isEmpty()) {
      // To go back it takes no plan.
      return over
          ? giveUp(obstacle.reason(), obstacle.message() + "; the data are as they were")
          : stalled(FENCED, obstacle.reason(), obstacle.message());
    }
    return obstacle.passes()
        ? working(PENDING, obstacle.reason(), obstacle.message())
        : stalled(PENDING, obstacle.reason(), obstacle.message());
  }

  private static RestoreState unconfirmed(RestoreScene s, RestorePlan plan) {
    String what =
        "set %s has the data as they were at %s, with %d rows: the application would see nothing that was written since; what is there now is kept in a folder on claim %s. "
            .formatted(plan.source().set(), plan.consistentAt(), plan.rows(), plan.claim());
    return s.intent().confirm() == null
        ? stalled(
            AWAITING_CONFIRMATION,
            "ConfirmationRequired",
            what + "To have it done, set spec.confirm: " + plan.token())
        : stalled(
            AWAITING_CONFIRMATION,
            "ConfirmationDiffers",
            what + "spec.confirm says another word than " + plan.token());
  }

  private static RestoreState confirmed(RestoreScene s) {
    Backup backup = s.backup();
    boolean wanted = !s.intent().skipBackup();
    if (wanted && !backup.asked() && s.others() != null) {
      // Made now, it would be old when they have ended.
      return waiting(s.others());
    }
    if (wanted && !backup.done()) {
      if (backup.failed() != null) {
        return giveUp(
            "BackupFailed",
            "StorageBackup "
                + backup.name()
                + " of what is there failed: "
                + backup.failed()
                + "; mend the cause, or make another StorageRestore with skipSafetyBackup: true");
      }
      return working(
              BACKING_UP,
              "BackingUp",
              "StorageBackup " + backup.name() + " of what is there is made first" + backup.words())
          .doing(backup.asked() ? List.of() : List.of(new MakeBackup()));
    }
    if (s.others() != null) {
      return waiting(s.others());
    }
    List<RestoreAction> todo = new ArrayList<>();
    if (wanted && backup.instant() != null) {
      todo.add(new Annotate(Annotations.SAVED_AT, backup.instant()));
    }
    todo.add(new Annotate(Annotations.FENCED_AT, s.now().toString()));
    return working(FENCED, "StoppingConsumers", "the application is about to be stopped")
        .doing(todo);
  }

  private static RestoreState waiting(String others) {
    return working(BACKING_UP, "WaitingForOthers", others + " ends first; the application runs on");
  }

  private static RestoreState fenced(RestoreScene s, Instant fencedAt) {
    if (s.first() != null) {
      // Each would wait for the other.
      return giveUp(
          "AnotherRestore",
          "StorageRestore "
              + s.first()
              + " has stopped the application at the same time, and goes first; the data are as they were");
    }
    return switch (s.stage().outcome()) {
      case RUNNING -> running(s);
      case REFUSED, FAILED ->
          giveUp(
              "RestoreFailed",
              "the set could not be restored: "
                  + (s.stage().words().isEmpty()
                      ? "its Job was ended before it could say why"
                      : s.stage().words())
                  + "; the data are as they were");
      case ABSENT, COMPLETE -> still(s, fencedAt);
    };
  }

  private static RestoreState running(RestoreScene s) {
    String words = s.stage().words();
    Instant since = s.stage().waitingSince();
    return since != null && Duration.between(since, s.now()).compareTo(FENCE_TIMEOUT) > 0
        ? giveUp(
            "RestoreNotStarted",
            "the Job that makes the set did not start within "
                + FENCE_TIMEOUT.toMinutes()
                + " minutes: "
                + (words.isEmpty() ? "the events of Job and pod say why" : words)
                + "; the data are as they were")
        : working(
                RESTORING,
                "Restoring",
                "the set is made and checked beside the data, which are as they were"
                    + (words.isEmpty() ? "" : ": " + words))
            .doing(Exchange.fence(s));
  }

  /** Nobody else may be at the data, neither while the set is made nor when it is swapped. */
  private static RestoreState still(RestoreScene s, Instant fencedAt) {
    boolean staged = s.stage().outcome() == JobOutcome.COMPLETE;
    RestorePhase phase = staged ? RESTORING : FENCED;
    String waitingFor = inTheWay(s);
    List<RestoreAction> fence = Exchange.fence(s);
    boolean free = fence.isEmpty() && waitingFor.isEmpty();
    // While the set was made, which may take hours, there was nothing that they should have left.
    Instant since = staged ? Objects.requireNonNullElse(s.stage().endedAt(), fencedAt) : fencedAt;
    boolean late = Duration.between(since, s.now()).compareTo(FENCE_TIMEOUT) > 0;
    if (free && (staged ? s.swap() : s.stage()).podsGone()) {
      if (staged) {
        return working(RESTORING, "Restoring", "the set is whole, and takes the place of the data")
            .doing(
                new Annotate(Annotations.SWAP_STARTED, s.now().toString()),
                new HoldClaim(),
                // At once: whoever came between two passes would hold up what cannot go back.
                new CreateJob(RestoreRole.SWAP));
      }
      return late
          ? giveUp(
              "RestoreNotStarted",
              "the Job that makes the set could not be made, or was deleted; the data are as they were")
          : working(RESTORING, "Restoring", "the set is made and checked beside the data")
              .doing(new CreateJob(RestoreRole.STAGE));
    }
    if (late) {
      return giveUp(
          "FenceTimeout",
          "these did not go within "
              + FENCE_TIMEOUT.toMinutes()
              + " minutes and could still write to the data, which are as they were: "
              + (free
                  ? "the pod of a deleted Job"
                  : waitingFor.isEmpty() ? "consumers that are scaled up again" : waitingFor));
    }
    if (free) {
      return working(RESTORING, "Restoring", "waiting for the pod of a deleted Job to go")
          .after(SOON);
    }
    return working(
            phase,
            "StoppingConsumers",
            waitingFor.isEmpty() ? "consumers go to zero" : "waiting for " + waitingFor)
        .doing(fence)
        .after(SOON);
  }

  static String inTheWay(RestoreScene s) {
    return Stream.of(
            s.fence().heldByAnother().stream()
                .map(Consumer::label)
                .map(label -> label + " (held by another operation)"),
            s.fence().pods().stream().map(p -> "pod " + p.name()),
            Stream.ofNullable(s.others()))
        .flatMap(all -> all)
        .sorted()
        .limit(10)
        .collect(Collectors.joining(", "));
  }

  private static RestoreState ended(Intent intent, RestorePhase phase) {
    Mood mood = phase == FAILED ? Mood.STALLED : Mood.GOOD;
    return switch (phase) {
      case DONE ->
          told(
              phase,
              mood,
              "Restored",
              "the application has what was restored; what was there is kept");
      case PLANNED -> told(phase, mood, "Planned", "the plan is made; nothing was touched");
      case ROLLED_BACK -> told(phase, mood, "Cancelled", "taken back; the data are as they were");
      default ->
          told(
              phase, mood, Exchange.reason(intent.rollback()), Exchange.message(intent.rollback()));
    };
  }

  private static RestoreState told(RestorePhase phase, Mood mood, String reason, String message) {
    return new RestoreState(phase, mood, reason, message, List.of(), null);
  }
}
