package dev.wharfinger.operator.reconcile;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Objects;

/** {@code suspend: true}: the server is at zero, and all that it needs to come back stays. */
final class Suspension {
  private Suspension() {}

  /** Whether it is asked for; a move that is under way ends first. */
  static boolean asked(Run run) {
    return suspends(run) && !run.moving();
  }

  /** The state of a move, and that it keeps a suspension waiting, which else nobody would see. */
  static StepResult waitsFor(Run run, StepResult move) {
    if (!suspends(run) || !run.moving()) {
      return move;
    }
    String words = "; suspend: true waits until this move has ended";
    return switch (move) {
      case StepResult.Wait wait -> StepResult.waiting(wait.reason(), wait.message() + words);
      case StepResult.Stop stop -> StepResult.stop(stop.reason(), stop.message() + words);
      case StepResult.Done done -> done;
    };
  }

  private static boolean suspends(Run run) {
    return run.instance().getSpec() != null
        && Boolean.TRUE.equals(run.instance().getSpec().suspend());
  }

  /** Whether a run stopped for it. */
  static boolean stopped(StepResult.Stop stop) {
    return stop.reason().equals("Suspended");
  }

  /** Scales the server that holds the data to zero. */
  static StepResult stopServer(Run run) {
    StatefulSet server = run.observed().server();
    if (server == null) {
      return StepResult.stop(
          "Suspended", "suspend: true; no server is made until that is taken away");
    }
    if (!Objects.equals(server.getSpec().getReplicas(), 0) && run.writer().moving()) {
      // Asked for a moment ago; no cache shows it yet.
      return StepResult.waiting("Suspending", "a move is under way, and is ended first");
    }
    if (!Objects.equals(server.getSpec().getReplicas(), 0)
        && run.writer().migratingSchema() != null) {
      return StepResult.waiting("Suspending", "the schema is being migrated, and that ends first");
    }
    if (!Objects.equals(server.getSpec().getReplicas(), 0)
        && run.writer().changingPassword() != null) {
      return StepResult.waiting(
          "Suspending", "the role is given another password, and that ends first");
    }
    if (!Objects.equals(server.getSpec().getReplicas(), 0)
        && BackupsAtWork.of(run.writer().client(), run.instance()) != null) {
      // Of the last pod of a Job that was deleted nobody is told when it ends.
      return StepResult.waiting("Suspending", "a backup is being made, and that ends first")
          .lookAgain(BackupsAtWork.LOOK_AGAIN);
    }
    run.writer().apply(DesiredServer.of(run, 0), server);
    if (!stopped(server)) {
      return StepResult.waiting("Suspending", "the PostgreSQL server is being stopped");
    }
    String running = run.advice().running(run, run.writer().client());
    return StepResult.stop(
        "Suspended",
        "suspend: true; the PostgreSQL server is stopped, and its data and Secrets stay"
            + (running.isEmpty()
                ? ""
                : "; it is missed by " + running + ", which should be scaled to zero")
            + move(run));
  }

  /** No move begins meanwhile: it would start the very server, or end with one that is stopped. */
  static StepResult noMove(Run run) {
    return StepResult.stop(
        "Suspended", "suspend: true; the data is on " + run.active().backend() + move(run));
  }

  private static String move(Run run) {
    return run.model().requested() == run.active().backend()
        ? ""
        : "; the move to " + run.model().requested() + " begins once that is taken away";
  }

  private static boolean stopped(StatefulSet server) {
    return Objects.equals(server.getSpec().getReplicas(), 0)
        && server.getStatus() != null
        && Objects.equals(
            server.getMetadata().getGeneration(), server.getStatus().getObservedGeneration())
        && (server.getStatus().getReplicas() == null || server.getStatus().getReplicas() == 0);
  }
}
