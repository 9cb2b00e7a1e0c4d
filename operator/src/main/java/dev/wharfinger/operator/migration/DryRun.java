package dev.wharfinger.operator.migration;

import static dev.wharfinger.api.v1alpha1.MigrationPhase.FAILED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.PLANNED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.PREFLIGHT;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.ROLLED_BACK;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.migration.Action.CreateScratchServer;
import dev.wharfinger.operator.migration.Action.DeleteScratchServer;
import dev.wharfinger.operator.migration.Observed.Intent;
import dev.wharfinger.operator.migration.Observed.Server;
import java.util.List;

/** A preflight against a server of its own, so that nothing real is touched. */
final class DryRun {
  private DryRun() {}

  static MigrationState next(Observed o) {
    Intent intent = o.intent();
    // Back to SQLite the server is the one that has the data: nothing is made, nothing removed.
    boolean scratch = o.target().source() == Backend.SQLITE;
    List<Action> clean =
        scratch && o.target().server() != Server.ABSENT
            ? List.of(new DeleteScratchServer())
            : List.of();
    if (intent.deleting() || intent.cancelled()) {
      return MigrationState.end(PREFLIGHT, ROLLED_BACK, "Cancelled", "taken back", clean);
    }
    if (intent.rollback() != null) {
      return MigrationState.end(
          PREFLIGHT, FAILED, StateMachine.reason(intent), StateMachine.message(intent), clean);
    }
    if (!intent.instancePresent()) {
      return MigrationState.giveUp(
          "InstanceNotFound", "spec.instanceRef names no StorageInstance of this namespace");
    }
    if (!scratch && o.target().server() == Server.ABSENT) {
      return MigrationState.giveUp(
          "NoVolume",
          "there is no volume for SQLite that it could be tried on; set spec.backend to SQLite, which makes one and"
              + " tries before it moves");
    }
    if (o.target().server() == Server.ABSENT
        && o.target().active() == o.target().source()
        && !o.jobs().preflight().ended()) {
      return MigrationState.working(
              PREFLIGHT, "MakingServer", "a PostgreSQL server is made to try the data on")
          .doing(new CreateScratchServer());
    }
    // Its server may be gone already: the verdict stands.
    MigrationState step =
        o.jobs().preflight() == JobOutcome.COMPLETE
            ? null
            : Preflight.next(o, MigrationState::giveUp);
    return step != null
        ? step
        : MigrationState.end(PREFLIGHT, PLANNED, "Planned", "nothing stands in the way", clean);
  }
}
