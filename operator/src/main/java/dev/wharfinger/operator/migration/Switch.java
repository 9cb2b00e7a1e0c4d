package dev.wharfinger.operator.migration;

import static dev.wharfinger.api.v1alpha1.MigrationPhase.COMMITTED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.DONE;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.SWITCHED;
import static dev.wharfinger.operator.migration.MigrationState.AT_ONCE;
import static dev.wharfinger.operator.migration.MigrationState.SOON;
import static dev.wharfinger.operator.migration.MigrationState.working;

import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.migration.Action.Annotate;
import dev.wharfinger.operator.migration.Action.CreateJob;
import dev.wharfinger.operator.migration.Action.DeleteJob;
import dev.wharfinger.operator.migration.Action.FlipBinding;
import dev.wharfinger.operator.migration.Action.MarkClaims;
import dev.wharfinger.operator.migration.Action.ReturnConsumers;
import dev.wharfinger.operator.model.Annotations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From the commit on there is only forward: flip once, give the consumers back, let go of the lock.
 */
final class Switch {
  /** How far the API server's clock may be behind ours. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private Switch() {}

  /**
   * The marker is in the database and the binding still names the source. The claims come first:
   * were the binding lost between the two, they would send the application to the old data.
   */
  static MigrationState committed(Observed o) {
    List<Action> actions = new ArrayList<>(Forward.fence(o));
    actions.add(new MarkClaims());
    actions.add(new FlipBinding());
    return working(COMMITTED, "Committed", "the data is committed; the binding is being flipped")
        .doing(actions);
  }

  /**
   * The abort came too late. The transfer runs once more: it finds the marker, takes the lock and
   * becomes ready, which says a second time what nothing may follow from if it were wrong.
   */
  static MigrationState confirm(Observed o) {
    List<Action> actions = new ArrayList<>(Forward.fence(o));
    JobOutcome transfer = o.jobs().transfer();
    if (transfer == JobOutcome.ABSENT && o.jobs().transferPodsGone()) {
      actions.add(new CreateJob(JobRole.TRANSFER));
    } else if (transfer.ended()) {
      actions.add(new DeleteJob(JobRole.TRANSFER));
    }
    return working(
            COMMITTED,
            "Committed",
            "the data had been committed before the move could be taken back; the source is being locked again")
        .doing(actions)
        .after(SOON);
  }

  /** The binding names the target. */
  static MigrationState flipped(Observed o) {
    if (o.fence().returnedAt() == null) {
      return returnConsumers(o);
    }
    if (!o.fence().fencedByUs().isEmpty()) {
      // Another operator, which believes to lead, stopped them once more.
      return working(SWITCHED, "Switched", "the application comes back on the new backend")
          .doing(new ReturnConsumers(o.fence().fencedByUs()));
    }
    List<ForeignPod> stray = stray(o);
    JobOutcome transfer = o.jobs().transfer();
    if (!stray.isEmpty()) {
      return working(
              SWITCHED,
              "SourceLocked",
              "the application is back; the old data stays locked until these pods are gone: "
                  + names(stray))
          .doing(
              transfer == JobOutcome.ABSENT && o.intent().instancePresent()
                  ? List.of(new CreateJob(JobRole.TRANSFER))
                  : List.of());
    }
    if (transfer != JobOutcome.ABSENT) {
      return working(SWITCHED, "Switched", "the application is back; the lock is given up")
          .doing(new DeleteJob(JobRole.TRANSFER));
    }
    return MigrationState.end(SWITCHED, DONE, "Switched", "the application is back", List.of());
  }

  private static MigrationState returnConsumers(Observed o) {
    List<Consumer> fenced = o.fence().fencedByUs();
    List<ForeignPod> stale = stale(o, fenced);
    if (!stale.isEmpty()) {
      Set<String> theirs = stale.stream().map(ForeignPod::consumer).collect(Collectors.toSet());
      List<Consumer> again =
          o.fence().toFence().stream().filter(c -> theirs.contains(c.label())).toList();
      return working(
              SWITCHED,
              "StoppingConsumers",
              "these pods started with the old binding and must go first: " + names(stale))
          .doing(again.isEmpty() ? List.of() : List.of(new Action.Fence(again)))
          .after(SOON);
    }
    List<Action> actions = new ArrayList<>();
    if (!fenced.isEmpty()) {
      actions.add(new ReturnConsumers(fenced));
    }
    actions.add(new Annotate(Annotations.RETURNED_AT, o.now().toString()));
    return working(SWITCHED, "Switched", "the application comes back on the new backend")
        .doing(actions)
        .after(AT_ONCE);
  }

  /**
   * Pods with the old binding: those of consumers that are to be at zero, whenever they were made,
   * and those of others made before the flip.
   */
  private static List<ForeignPod> stale(Observed o, List<Consumer> fenced) {
    Set<String> held = fenced.stream().map(Consumer::label).collect(Collectors.toSet());
    return o.fence().pods().stream()
        .filter(p -> p.consumer() != null)
        .filter(p -> held.contains(p.consumer()) || beforeFlip(o, p, Duration.ZERO))
        .toList();
  }

  /**
   * Pods of before the flip that could still write to the old data. Those of consumers were all
   * gone when the consumers came back; the exception is a pod that only became a consumer's since.
   * What came back with the consumers must never count, though another clock wrote its time.
   */
  private static List<ForeignPod> stray(Observed o) {
    return o.fence().pods().stream()
        .filter(ForeignPod::reachesData)
        .filter(p -> beforeFlip(o, p, p.consumer() == null ? Duration.ZERO : CLOCK_SKEW))
        .toList();
  }

  private static boolean beforeFlip(Observed o, ForeignPod pod, Duration margin) {
    Instant at = o.target().switchedAt();
    // The API server tells the time of a pod in whole seconds.
    return at != null && pod.created().isBefore(at.truncatedTo(ChronoUnit.SECONDS).minus(margin));
  }

  private static String names(List<ForeignPod> pods) {
    return pods.stream().map(ForeignPod::name).sorted().limit(10).collect(Collectors.joining(", "));
  }
}
