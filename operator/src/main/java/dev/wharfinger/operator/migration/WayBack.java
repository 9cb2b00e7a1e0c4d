package dev.wharfinger.operator.migration;

import static dev.wharfinger.api.v1alpha1.MigrationPhase.FAILED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.ROLLED_BACK;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.ROLLING_BACK;
import static dev.wharfinger.operator.migration.MigrationState.SOON;
import static dev.wharfinger.operator.migration.MigrationState.working;

import dev.wharfinger.operator.job.AbortOutcome;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.migration.Action.Annotate;
import dev.wharfinger.operator.migration.Action.CreateJob;
import dev.wharfinger.operator.migration.Action.DeleteJob;
import dev.wharfinger.operator.migration.Action.ReturnConsumers;
import dev.wharfinger.operator.migration.Observed.Intent;
import dev.wharfinger.operator.migration.Observed.Jobs;
import dev.wharfinger.operator.model.Annotations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The way back. Consumers return once it is certain that nothing can commit any more. */
final class WayBack {
  /** How long a failed abort rests before it is tried afresh. */
  static final Duration ABORT_PAUSE = Duration.ofSeconds(30);

  private static final String STILL_FENCED =
      "; the application stays stopped until it is certain whether the data was committed";

  private WayBack() {}

  static MigrationState next(Observed o) {
    Jobs jobs = o.jobs();
    if (!o.intent().takenBackForGood()) {
      return rollingBack(o, "taken back").doing(new Annotate(Annotations.CANCELLED, "true"));
    }
    // Not even a refusal is believed: an earlier try may have committed as its connection broke.
    if (jobs.neverStarted() || jobs.abort() == AbortOutcome.ABORTED) {
      return jobs.transferPodsGone()
          ? release(o)
          : rollingBack(o, "waiting for the transfer's pod to go").after(SOON);
    }
    List<Action> fence = o.fence().fencedAt() == null ? List.of() : Forward.fence(o);
    if (jobs.transfer() == JobOutcome.RUNNING) {
      return rollingBack(o, "the transfer is being stopped")
          .doing(plus(fence, new DeleteJob(JobRole.TRANSFER)))
          .after(SOON);
    }
    if (!jobs.transferPodsGone()) {
      return rollingBack(o, "waiting for the transfer's pod to go").doing(fence).after(SOON);
    }
    return abort(o, fence);
  }

  private static MigrationState abort(Observed o, List<Action> fence) {
    String asking = o.target().to() + " is asked whether the transfer committed" + STILL_FENCED;
    return switch (o.jobs().abort()) {
      case ABSENT -> rollingBack(o, asking).doing(plus(fence, new CreateJob(JobRole.ABORT)));
      case RUNNING -> rollingBack(o, unreachable(o, asking)).doing(fence).after(SOON);
      case UNKNOWN -> {
        Instant failedAt = o.jobs().abortFailedAt();
        boolean rested =
            failedAt == null || Duration.between(failedAt, o.now()).compareTo(ABORT_PAUSE) > 0;
        yield rollingBack(o, unreachable(o, asking))
            .doing(rested ? plus(fence, new DeleteJob(JobRole.ABORT)) : fence)
            .after(SOON);
      }
      case ABORTED, COMMITTED -> throw new IllegalStateException("decided before");
    };
  }

  private static String unreachable(Observed o, String otherwise) {
    String obstacle = o.jobs().obstacle();
    if (obstacle != null) {
      return "the Job that asks "
          + o.target().to()
          + " whether the transfer committed does not start: "
          + obstacle
          + STILL_FENCED;
    }
    return o.target().server() == Observed.Server.READY && o.jobs().abort() == AbortOutcome.RUNNING
        ? otherwise
        : o.target().to() + " must come back to tell whether the transfer committed" + STILL_FENCED;
  }

  /**
   * Without its instance there is no binding to flip and no server to ask, and the old volume is
   * complete: whatever the transfer did, nobody ever wrote to its target.
   */
  static MigrationState withoutInstance(Observed o) {
    if (o.intent().rollback() == null) {
      return MigrationState.giveUp(
          "InstanceDeleted", "its StorageInstance does not exist any more");
    }
    JobOutcome transfer = o.jobs().transfer();
    if (transfer != JobOutcome.ABSENT && !transfer.ended()) {
      return rollingBack(o, "the transfer is being stopped")
          .doing(new DeleteJob(JobRole.TRANSFER))
          .after(SOON);
    }
    return o.jobs().transferPodsGone()
        ? release(o)
        : rollingBack(o, "waiting for the transfer's pod to go").after(SOON);
  }

  private static MigrationState release(Observed o) {
    List<Action> actions = new ArrayList<>();
    List<Consumer> fenced = o.fence().fencedByUs();
    if (!fenced.isEmpty()) {
      actions.add(new ReturnConsumers(fenced));
    }
    if (o.fence().fencedAt() != null && o.fence().returnedAt() == null) {
      actions.add(new Annotate(Annotations.RETURNED_AT, o.now().toString()));
    }
    Intent intent = o.intent();
    return MigrationState.end(
        ROLLING_BACK,
        intent.cancelled() ? ROLLED_BACK : FAILED,
        StateMachine.reason(intent),
        StateMachine.message(intent),
        actions);
  }

  private static MigrationState rollingBack(Observed o, String doing) {
    Intent intent = o.intent();
    String why = intent.rollback() == null ? "" : StateMachine.message(intent) + " -- ";
    return working(ROLLING_BACK, StateMachine.reason(intent), why + doing);
  }

  private static List<Action> plus(List<Action> actions, Action action) {
    List<Action> all = new ArrayList<>(actions);
    all.add(action);
    return all;
  }
}
