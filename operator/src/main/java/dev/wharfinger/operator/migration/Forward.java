package dev.wharfinger.operator.migration;

import static dev.wharfinger.api.v1alpha1.MigrationPhase.COPYING;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.FENCED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.PREFLIGHT;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.REQUESTED;
import static dev.wharfinger.operator.migration.MigrationState.giveUp;
import static dev.wharfinger.operator.migration.MigrationState.working;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.migration.Action.Annotate;
import dev.wharfinger.operator.migration.Action.CreateJob;
import dev.wharfinger.operator.migration.Observed.Runner;
import dev.wharfinger.operator.migration.Observed.Server;
import dev.wharfinger.operator.model.Annotations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The way to the commit: preflight, fence, transfer. */
final class Forward {
  /**
   * How long the application may be kept at zero for pods that do not go, and again for a transfer
   * that does not start.
   */
  static final Duration FENCE_TIMEOUT = Duration.ofMinutes(10);

  /** How often progress is read and the fence looked after while the data is copied. */
  private static final Duration POLL = Duration.ofSeconds(2);

  private Forward() {}

  static MigrationState next(Observed o) {
    if (o.target().active() != o.target().source()) {
      // Else a fence left behind would copy an old volume over a backend in use.
      return giveUp("NotOnSource", "the data is on " + o.target().active() + " already");
    }
    Instant fencedAt = o.fence().fencedAt();
    if (fencedAt == null) {
      if (o.target().server() == Server.ABSENT) {
        return backward(o)
            ? working(REQUESTED, "WaitingForVolume", "waiting for the claim of the SQLite volume")
            : working(REQUESTED, "WaitingForPostgreSQL", "waiting for PostgreSQL to be made");
      }
      MigrationState step = Preflight.next(o, MigrationState::giveUp);
      if (step != null) {
        return step;
      }
      if (o.loss() != null && !o.loss().accepted()) {
        return o.loss().ask();
      }
      return o.fence().backup() != null
          // Its pod has the data open, and would keep the application stopped for as long.
          ? working(
              PREFLIGHT,
              "WaitingForBackup",
              "Job "
                  + o.fence().backup()
                  + " makes a backup, and ends first; the application runs on")
          : working(FENCED, "StoppingConsumers", "the application is about to be stopped")
              .doing(new Annotate(Annotations.FENCED_AT, o.now().toString()));
    }
    return switch (o.jobs().transfer()) {
      case ABSENT -> fence(o, fencedAt);
      case RUNNING -> notStarted(o) ? neverStarted(o) : copying(o).doing(watch(o)).after(POLL);
      case REFUSED -> giveUp(Preflight.reason(o), Preflight.refused(o));
      case FAILED ->
          giveUp("TransferFailed", "the transfer Job failed at every try; its pods' logs say why");
      case COMPLETE -> throw new IllegalStateException("a complete transfer has committed");
    };
  }

  /** Whoever scales a consumer up again is answered in the same pass. */
  static List<Action> fence(Observed o) {
    List<Consumer> consumers = o.fence().toFence();
    return consumers.isEmpty() ? List.of() : List.of(new Action.Fence(consumers));
  }

  private static MigrationState fence(Observed o, Instant fencedAt) {
    String waitingFor =
        Stream.concat(
                o.fence().heldByAnother().stream()
                    .map(c -> c.label() + " (held by another migration)"),
                o.fence().pods().stream().map(p -> "pod " + p.name()))
            .sorted()
            .limit(10)
            .collect(Collectors.joining(", "));
    List<Action> fence = fence(o);
    if (fence.isEmpty() && waitingFor.isEmpty()) {
      return transfer(o);
    }
    if (Duration.between(fencedAt, o.now()).compareTo(FENCE_TIMEOUT) > 0) {
      if (neverAsked(o)) {
        return working(FENCED, "StoppingConsumers", "consumers go to zero")
            .doing(
                List.of(
                    new Annotate(Annotations.FENCED_AGAIN, "true"),
                    new Annotate(Annotations.FENCED_AT, o.now().toString())));
      }
      return giveUp(
          "FenceTimeout",
          "these did not go within "
              + FENCE_TIMEOUT.toMinutes()
              + " minutes and could still write to the data: "
              + (waitingFor.isEmpty() ? "consumers that are scaled up again" : waitingFor));
    }
    return working(
            FENCED,
            "StoppingConsumers",
            waitingFor.isEmpty() ? "consumers go to zero" : "waiting for " + waitingFor)
        .doing(fence)
        .after(fence.isEmpty() ? MigrationState.SOON : MigrationState.AT_ONCE);
  }

  /**
   * Nobody was asked to stop yet: we were away ourselves, or cut off from the API server, and the
   * time begins anew. Once: whoever cannot be asked at all must not keep a move open for ever.
   */
  private static boolean neverAsked(Observed o) {
    return !o.fence().again()
        && !o.fence().toFence().isEmpty()
        && o.fence().consumers().stream().noneMatch(c -> c.holder() == Consumer.Holder.US);
  }

  private static MigrationState transfer(Observed o) {
    if (notStarted(o)) {
      return neverStarted(o);
    }
    if (!o.jobs().transferPodsGone()) {
      // Its Job was deleted by somebody; two of them at once would only wait for each other's lock.
      return working(COPYING, "Copying", "waiting for the pod of a deleted transfer Job to go")
          .after(MigrationState.SOON);
    }
    List<Action> actions = new ArrayList<>();
    if (o.jobs().transferStarted() == null) {
      actions.add(new Annotate(Annotations.TRANSFER_STARTED, o.now().toString()));
    }
    actions.add(new CreateJob(JobRole.TRANSFER));
    return copying(o).doing(actions);
  }

  /**
   * No pod was made, or none got a node, its image or its volume. Whether one of them starts after
   * all is for the marker to tell, as with every move that is given up.
   */
  private static boolean notStarted(Observed o) {
    Instant since = o.jobs().transferStarted();
    return since != null
        && o.jobs().runner() == Runner.NEVER_SEEN
        && Duration.between(since, o.now()).compareTo(FENCE_TIMEOUT) > 0;
  }

  private static MigrationState neverStarted(Observed o) {
    return giveUp(
        "TransferNotStarted",
        "the transfer Job did not start within "
            + FENCE_TIMEOUT.toMinutes()
            + " minutes: "
            + Objects.requireNonNullElse(o.jobs().obstacle(), "the events of Job and pod say why"));
  }

  private static List<Action> watch(Observed o) {
    List<Action> actions = new ArrayList<>(fence(o));
    if (o.jobs().runner() == Runner.SEEN) {
      actions.add(new Annotate(Annotations.RUNNER_STARTED, "true"));
    }
    return actions;
  }

  private static MigrationState copying(Observed o) {
    return working(COPYING, "Copying", progress(o));
  }

  private static String progress(Observed o) {
    if (o.jobs().runner() == Runner.NEVER_SEEN) {
      String obstacle = o.jobs().obstacle();
      return "the transfer is being started" + (obstacle == null ? "" : ": " + obstacle);
    }
    if (o.loss() != null) {
      return "the retained file is checked and taken again";
    }
    return o.target().server() == Server.READY
        ? "the data is copied and compared" + (backward(o) ? "" : " in one transaction")
        : "the data is being copied; PostgreSQL is not ready at the moment";
  }

  private static boolean backward(Observed o) {
    return o.target().source() == Backend.POSTGRESQL;
  }
}
