package dev.wharfinger.operator.restore;

import static dev.wharfinger.api.v1alpha1.RestorePhase.DONE;
import static dev.wharfinger.api.v1alpha1.RestorePhase.FAILED;
import static dev.wharfinger.api.v1alpha1.RestorePhase.ROLLED_BACK;
import static dev.wharfinger.api.v1alpha1.RestorePhase.ROLLING_BACK;
import static dev.wharfinger.api.v1alpha1.RestorePhase.SWAPPING;
import static dev.wharfinger.operator.restore.RestoreState.SOON;
import static dev.wharfinger.operator.restore.RestoreState.end;
import static dev.wharfinger.operator.restore.RestoreState.stalled;
import static dev.wharfinger.operator.restore.RestoreState.working;

import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.RestoreRole;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.restore.RestoreAction.Annotate;
import dev.wharfinger.operator.restore.RestoreAction.CreateJob;
import dev.wharfinger.operator.restore.RestoreAction.DeleteJob;
import dev.wharfinger.operator.restore.RestoreAction.Fence;
import dev.wharfinger.operator.restore.RestoreAction.HoldClaim;
import dev.wharfinger.operator.restore.RestoreAction.MarkClaim;
import dev.wharfinger.operator.restore.RestoreAction.ReleaseClaim;
import dev.wharfinger.operator.restore.RestoreAction.ReturnConsumers;
import dev.wharfinger.operator.restore.RestoreAction.TakeBack;
import dev.wharfinger.operator.restore.RestoreScene.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two ways out of the fence: through the swap, from which there is only forward, or back. */
final class Exchange {
  /** How long a swap that failed rests before it is gone on with. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private Exchange() {}

  /** Whoever scales a consumer up again is answered in the same pass. */
  static List<RestoreAction> fence(RestoreScene s) {
    return s.fence().toFence().isEmpty() ? List.of() : List.of(new Fence(s.fence().toFence()));
  }

  /** The swap may have begun: it is gone on with until it is done. */
  static RestoreState next(RestoreScene s) {
    if (s.restored() == null && s.marked()) {
      return already(s);
    }
    if (s.restored() == null) {
      return s.plan() == null && s.intent().instancePresent() ? spoiled(s) : swap(s);
    }
    if (s.fence().returnedAt() == null) {
      List<RestoreAction> todo = new ArrayList<>();
      if (!s.marked()) {
        todo.add(new MarkClaim(s.restored()));
      }
      todo.add(new Annotate(Annotations.RESTORED, s.restored()));
      if (!s.fence().fencedByUs().isEmpty()) {
        todo.add(new ReturnConsumers(s.fence().fencedByUs()));
      }
      todo.add(new Annotate(Annotations.RETURNED_AT, s.now().toString()));
      return working(SWAPPING, "Restored", "the application comes back").doing(todo);
    }
    List<RestoreAction> rest = new ArrayList<>();
    if (!s.fence().fencedByUs().isEmpty()) {
      // Another operator, which believes to lead, stopped them once more.
      rest.add(new ReturnConsumers(s.fence().fencedByUs()));
    }
    rest.addAll(deleteJobs(s));
    return rest.isEmpty()
        ? end(SWAPPING, DONE, "Restored", "the application is back", List.of())
        : working(SWAPPING, "Restored", "the application is back").doing(rest);
  }

  /** The claim tells that it was done, whatever was taken from the restore itself. */
  static RestoreState already(RestoreScene s) {
    return end(SWAPPING, DONE, "Restored", "the application is back", released(s));
  }

  private static RestoreState spoiled(RestoreScene s) {
    return stalled(
            SWAPPING,
            "PlanSpoiled",
            "the files are being exchanged, and the application stays stopped: "
                + (s.obstacle() == null ? "there is no plan" : s.obstacle().message()))
        .doing(fence(s))
        .after(RestoreState.LATER);
  }

  private static RestoreState swap(RestoreScene s) {
    String doing = "what was restored takes the place of the data";
    Work job = s.swap();
    List<RestoreAction> todo = new ArrayList<>(fence(s));
    switch (job.outcome()) {
      case ABSENT -> {
        if (!s.intent().instancePresent() || !s.intent().claimPresent()) {
          if (s.intent().deleting() && job.podsGone()) {
            // Nobody is left to do it for, and a namespace may be waiting for this to go. Where the
            // volume stays the application must not find half of it.
            return end(
                SWAPPING,
                FAILED,
                "InstanceNotFound",
                "it was deleted",
                s.held() ? deleteJobs(s) : released(s));
          }
          return stalled(
                  SWAPPING,
                  "InstanceNotFound",
                  "the StorageInstance or its claim is gone while the data were swapped; the folders .wharfinger-new-… and"
                      + " .wharfinger-replaced-… of the volume have all of it")
              .doing(todo);
        }
        if (!job.podsGone()) {
          return working(SWAPPING, "Swapping", "waiting for the pod of a deleted Job to go")
              .doing(todo)
              .after(SOON);
        }
        if (!s.held() && (s.intent().deleting() || late(s))) {
          return takenBack(
              s.intent().deleting() ? "Cancelled" : "RestoreNotStarted",
              "the Job that exchanges the files was never made, and the data are as they were");
        }
        String inTheWay = RestoreMachine.inTheWay(s);
        if (!todo.isEmpty() || !inTheWay.isEmpty()) {
          // Since it was decided somebody may have come back, and could write between two names.
          return working(
                  SWAPPING,
                  "StoppingConsumers",
                  inTheWay.isEmpty() ? "consumers go to zero" : "waiting for " + inTheWay)
              .doing(todo)
              .after(SOON);
        }
        if (!s.held()) {
          todo.add(new HoldClaim());
        }
        todo.add(new CreateJob(RestoreRole.SWAP));
      }
      case RUNNING -> {
        return working(
                SWAPPING, "Swapping", doing + (job.words().isEmpty() ? "" : ": " + job.words()))
            .doing(todo);
      }
      case COMPLETE ->
          // Its pod is gone with what it has said: another Job finds everything in its place.
          todo.addAll(anew(s));
      case REFUSED, FAILED -> {
        if (job.podsGone() && job.untouched()) {
          return takenBack(
              "RestoreFailed",
              "what was made beside the data could not take their place, and they are as they were: "
                  + job.words());
        }
        boolean rested =
            job.endedAt() == null || Duration.between(job.endedAt(), s.now()).compareTo(PAUSE) > 0;
        if (rested) {
          todo.addAll(anew(s));
        }
        return stalled(
                SWAPPING,
                "SwapFailed",
                "the swap was begun and could not be ended; it is gone on with by itself, and the application stays stopped: "
                    + job.words())
            .doing(todo)
            .after(RestoreState.LATER);
      }
    }
    return working(SWAPPING, "Swapping", doing).doing(todo);
  }

  /** The Job is all that tells of a swap, unless the claim does. */
  private static List<RestoreAction> anew(RestoreScene s) {
    DeleteJob delete = new DeleteJob(RestoreRole.SWAP);
    return s.held() ? List.of(delete) : List.of(new HoldClaim(), delete);
  }

  private static boolean late(RestoreScene s) {
    return s.swapStarted() != null
        && Duration.between(s.swapStarted(), s.now()).compareTo(RestoreMachine.FENCE_TIMEOUT) > 0;
  }

  private static RestoreState takenBack(String reason, String message) {
    return working(ROLLING_BACK, reason, message).doing(new TakeBack(reason + ": " + message));
  }

  /** Nothing was swapped, and nothing can be any more once the Jobs' pods are gone. */
  static RestoreState back(RestoreScene s) {
    String why = s.intent().rollback();
    RestoreState waiting =
        working(ROLLING_BACK, reason(why), message(why) + " -- the Job is being stopped");
    if (s.stage().outcome() == JobOutcome.RUNNING) {
      return waiting.doing(new DeleteJob(RestoreRole.STAGE)).after(SOON);
    }
    if (!s.stage().podsGone() || !s.swap().podsGone()) {
      return waiting.after(SOON);
    }
    List<RestoreAction> todo = new ArrayList<>();
    todo.add(new ReleaseClaim());
    todo.addAll(released(s));
    return end(ROLLING_BACK, why == null ? ROLLED_BACK : FAILED, reason(why), message(why), todo);
  }

  private static List<RestoreAction> released(RestoreScene s) {
    List<RestoreAction> todo = new ArrayList<>();
    if (!s.fence().fencedByUs().isEmpty()) {
      todo.add(new ReturnConsumers(s.fence().fencedByUs()));
    }
    if (s.fence().fencedAt() != null && s.fence().returnedAt() == null) {
      todo.add(new Annotate(Annotations.RETURNED_AT, s.now().toString()));
    }
    todo.addAll(deleteJobs(s));
    return todo;
  }

  /** Their pods hold the volume and the sets, even when they have ended. */
  private static List<RestoreAction> deleteJobs(RestoreScene s) {
    List<RestoreAction> todo = new ArrayList<>();
    if (s.stage().outcome() != JobOutcome.ABSENT) {
      todo.add(new DeleteJob(RestoreRole.STAGE));
    }
    if (s.swap().outcome() != JobOutcome.ABSENT) {
      todo.add(new DeleteJob(RestoreRole.SWAP));
    }
    return todo;
  }

  /** The reason in {@link Annotations#ROLLBACK}. */
  static String reason(@Nullable String rollback) {
    int colon = rollback == null ? -1 : rollback.indexOf(": ");
    return rollback == null ? "Cancelled" : colon < 1 ? "Failed" : rollback.substring(0, colon);
  }

  /** The message in {@link Annotations#ROLLBACK}. */
  static String message(@Nullable String rollback) {
    int colon = rollback == null ? -1 : rollback.indexOf(": ");
    return rollback == null ? "taken back" : colon < 1 ? rollback : rollback.substring(colon + 2);
  }
}
