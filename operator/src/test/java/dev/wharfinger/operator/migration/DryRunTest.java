package dev.wharfinger.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.migration.Action.Annotate;
import dev.wharfinger.operator.migration.Action.CreateJob;
import dev.wharfinger.operator.migration.Action.CreateScratchServer;
import dev.wharfinger.operator.migration.Action.DeleteScratchServer;
import dev.wharfinger.operator.model.Annotations;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A dry run touches nothing but what it made itself. */
class DryRunTest {
  @Test
  void startsWithAServerOfItsOwn() {
    World world = dryRun();
    world.server = Observed.Server.ABSENT;
    assertThat(world.next().actions()).containsExactly(new CreateScratchServer());
  }

  @Test
  void triesTheValues() {
    assertThat(dryRun().next().actions()).containsExactly(new CreateJob(JobRole.PREFLIGHT));
  }

  @Test
  void neverFences() {
    World world = dryRun();
    world.preflight = JobOutcome.COMPLETE;
    assertThat(world.next().actions())
        .containsExactly(new DeleteScratchServer(), new Annotate(Annotations.ENDED, "Planned"));
  }

  @Test
  void isPlannedEvenWhenItsServerIsGone() {
    World world = dryRun();
    world.preflight = JobOutcome.COMPLETE;
    world.server = Observed.Server.ABSENT;
    assertThat(world.next().actions()).containsExactly(new Annotate(Annotations.ENDED, "Planned"));
  }

  @Test
  void refusedIsWrittenDownThenCleanedUp() {
    World world = dryRun();
    world.preflight = JobOutcome.REFUSED;
    MigrationState state = world.next();
    assertThat(state.reason()).isEqualTo("Refused");
    world.rollback = "Refused: " + state.message();
    assertThat(world.next().actions())
        .containsExactly(new DeleteScratchServer(), new Annotate(Annotations.ENDED, "Failed"));
  }

  @Test
  void aCertificateThatIsNotBelievedHasAReasonOfItsOwn() {
    Map.of(
            "tls-unknown-authority", "TlsUnknownAuthority",
            "tls-wrong-host", "TlsWrongHost",
            "tls-expired", "TlsExpired")
        .forEach((rule, reason) -> {
          World world = dryRun();
          world.preflight = JobOutcome.REFUSED;
          world.findings =
              "the data cannot be moved as it is: database: " + rule + " (try: openssl)";
          assertThat(world.next())
              .returns(reason, MigrationState::reason)
              .returns(world.findings, MigrationState::message);
        });
  }

  @Test
  void deletedAtAnyTimeCleansUp() {
    World world = dryRun();
    world.deleting = true;
    assertThat(world.next().actions()).contains(new DeleteScratchServer());
  }

  @Test
  void withTheDataOnTheTargetAlreadyThereIsNothingToTry() {
    World world = dryRun();
    world.active = Backend.POSTGRESQL;
    assertThat(world.next().reason()).isEqualTo("NotOnSource");
  }

  @Test
  void endsForGood() {
    World world = dryRun();
    world.ended = MigrationPhase.PLANNED;
    assertThat(world.next().ended()).isTrue();
    assertThat(world.next().mood()).isEqualTo(MigrationState.Mood.GOOD);
  }

  private static World dryRun() {
    World world = World.serverReady();
    world.dryRun = true;
    world.byOperator = false;
    return world;
  }
}
