package dev.wharfinger.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.job.AbortOutcome;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.migration.Action.Annotate;
import dev.wharfinger.operator.migration.Action.CreateJob;
import dev.wharfinger.operator.migration.Action.FlipBinding;
import dev.wharfinger.operator.migration.Action.MarkClaims;
import dev.wharfinger.operator.model.Annotations;
import org.junit.jupiter.api.Test;

/** Back to the retained file as it stands: the same way, with one more question. */
class RollbackTest {
  private static final Loss ASKED = new Loss("12 rows only in PostgreSQL", false, "kubectl …");
  private static final Loss ACCEPTED = new Loss("12 rows only in PostgreSQL", true, "kubectl …");

  @Test
  void comparesFirst() {
    MigrationState state = rollback(World.serverReady(), ASKED).next();
    assertThat(state.actions()).containsExactly(new CreateJob(JobRole.PREFLIGHT));
    assertThat(state.reason()).isEqualTo("Comparing");
  }

  @Test
  void stopsNobodyBeforeTheLossIsAccepted() {
    MigrationState state = rollback(World.preflightPassed(), ASKED).next();
    assertThat(state.phase()).isEqualTo(MigrationPhase.PREFLIGHT);
    assertThat(state.mood()).isEqualTo(MigrationState.Mood.STALLED);
    assertThat(state.reason()).isEqualTo("RollbackLosesRows");
    assertThat(state.message()).contains("12 rows only in PostgreSQL", "kubectl …");
    assertThat(state.actions()).isEmpty();
  }

  @Test
  void stopsNobodyWhereNothingIsKnownOfTheRows() {
    MigrationState state =
        rollback(World.preflightPassed(), new Loss(null, false, "kubectl …")).next();
    assertThat(state.reason()).isEqualTo("RollbackLosesRows");
    assertThat(state.message()).contains("cannot be read").doesNotContain("null");
  }

  @Test
  void goesOnOnceItIsAccepted() {
    assertThat(rollback(World.preflightPassed(), ACCEPTED).next().actions())
        .containsExactly(new Annotate(Annotations.FENCED_AT, World.NOW.toString()));
  }

  @Test
  void theApplicationThatIsStoppedIsNotLeftSoByAWordTakenBack() {
    assertThat(rollback(World.fenced(), ASKED).next().actions())
        .contains(new CreateJob(JobRole.TRANSFER));
  }

  @Test
  void flipsOnceTheRecordIsInTheFile() {
    assertThat(rollback(World.committed(), ACCEPTED).next().actions())
        .contains(new MarkClaims(), new FlipBinding());
  }

  @Test
  void aRecordThatCameBeforeTheAbortIsConfirmed() {
    World world = rollback(World.fenced(), ACCEPTED);
    world.transferStarted = World.NOW.minusSeconds(4);
    world.cancelled = true;
    world.abort = AbortOutcome.COMMITTED;
    assertThat(world.next().phase()).isEqualTo(MigrationPhase.COMMITTED);
    assertThat(world.next().actions()).containsExactly(new CreateJob(JobRole.TRANSFER));
  }

  @Test
  void aDamagedFileLeavesTheApplicationWhereItIs() {
    World world = rollback(World.serverReady(), ASKED);
    world.preflight = JobOutcome.REFUSED;
    world.findings = "the data cannot be moved as it is: database: source-damaged";
    assertThat(world.next().reason()).isEqualTo("Refused");
  }

  @Test
  void aCopyIntoAnOlderSchemaIsRefusedWithBothWaysOut() {
    World world = World.serverReady();
    world.source = Backend.POSTGRESQL;
    world.active = Backend.POSTGRESQL;
    world.preflight = JobOutcome.REFUSED;
    world.findings = "the data cannot be moved as it is: alembic_version: revision-differs";
    assertThat(world.next().message()).contains("migration tool", "migration.back: rollback");
  }

  @Test
  void tellsWhatADryRunFoundWithoutAsking() {
    World world = rollback(World.preflightPassed(), ASKED);
    world.dryRun = true;
    world.byOperator = false;
    assertThat(world.next().actions()).containsExactly(new Annotate(Annotations.ENDED, "Planned"));
  }

  private static World rollback(World world, Loss loss) {
    world.source = Backend.POSTGRESQL;
    world.active = Backend.POSTGRESQL;
    world.loss = loss;
    return world;
  }
}
