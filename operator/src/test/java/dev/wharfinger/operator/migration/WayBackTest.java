package dev.wharfinger.operator.migration;

import static dev.wharfinger.api.v1alpha1.MigrationPhase.COMMITTED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.FENCED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.ROLLING_BACK;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.job.AbortOutcome;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.migration.Action.Annotate;
import dev.wharfinger.operator.migration.Action.CreateJob;
import dev.wharfinger.operator.migration.Action.DeleteJob;
import dev.wharfinger.operator.migration.Action.Fence;
import dev.wharfinger.operator.migration.Action.FlipBinding;
import dev.wharfinger.operator.migration.Action.MarkClaims;
import dev.wharfinger.operator.migration.Action.ReturnConsumers;
import dev.wharfinger.operator.migration.Consumer.Holder;
import dev.wharfinger.operator.model.Annotations;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that takes a move back, and everything that is too late for it. */
class WayBackTest {
  private static final Annotate RETURNED_AT =
      new Annotate(Annotations.RETURNED_AT, World.NOW.toString());
  private static final Annotate ROLLED_BACK = new Annotate(Annotations.ENDED, "RolledBack");
  private static final Annotate FAILED = new Annotate(Annotations.ENDED, "Failed");
  private static final Annotate CANCELLED = new Annotate(Annotations.CANCELLED, "true");
  private static final ReturnConsumers RETURN =
      new ReturnConsumers(List.of(World.consumer("app", "0", true, Holder.US)));
  private static final String WHY = "TransferFailed: it failed";

  static Stream<Arguments> points() {
    return Stream.of(
        row(
            "turned back: written down first",
            World.fenced(),
            w -> w.turnedBack = true,
            ROLLING_BACK,
            CANCELLED),
        row(
            "deleted: written down first",
            World.copying(),
            w -> w.deleting = true,
            ROLLING_BACK,
            CANCELLED),
        row(
            "cancelled before anything",
            World.requested(),
            w -> w.cancelled = true,
            ROLLING_BACK,
            ROLLED_BACK),
        row(
            "cancelled in preflight",
            World.preflightPassed(),
            w -> w.cancelled = true,
            ROLLING_BACK,
            ROLLED_BACK),
        row(
            "cancelled, fence announced only",
            World.fencing(),
            w -> w.cancelled = true,
            ROLLING_BACK,
            RETURNED_AT,
            ROLLED_BACK),
        row(
            "cancelled in the fence",
            World.fenced(),
            w -> w.cancelled = true,
            ROLLING_BACK,
            RETURN,
            RETURNED_AT,
            ROLLED_BACK),
        row(
            "cancelled in the fence, returned, not noted",
            World.fenced(),
            w -> {
              w.cancelled = true;
              w.consumers = List.of(World.consumer("app", "2", false, Holder.NOBODY));
            },
            ROLLING_BACK,
            RETURNED_AT,
            ROLLED_BACK),
        row(
            "cancelled, transfer announced, no Job",
            World.fenced(),
            w -> {
              w.cancelled = true;
              w.transferStarted = World.NOW.minusSeconds(4);
            },
            ROLLING_BACK,
            new CreateJob(JobRole.ABORT)),
        row(
            "cancelled while copying",
            World.copying(),
            w -> w.cancelled = true,
            ROLLING_BACK,
            new DeleteJob(JobRole.TRANSFER)),
        row(
            "cancelled while copying, scaled up by somebody",
            World.copying(),
            w -> {
              w.cancelled = true;
              w.consumers = List.of(World.consumer("app", "3", false, Holder.US));
            },
            ROLLING_BACK,
            new Fence(List.of(World.consumer("app", "3", false, Holder.US))),
            new DeleteJob(JobRole.TRANSFER)),
        row(
            "Job deleted, pod terminating",
            stopped(),
            w -> w.transferPodsGone = false,
            ROLLING_BACK),
        row(
            "Job deleted, pod gone",
            stopped(),
            w -> {},
            ROLLING_BACK,
            new CreateJob(JobRole.ABORT)),
        row("abort running", stopped(), w -> w.abort = AbortOutcome.RUNNING, ROLLING_BACK),
        row(
            "abort: aborted",
            stopped(),
            w -> w.abort = AbortOutcome.ABORTED,
            ROLLING_BACK,
            RETURN,
            RETURNED_AT,
            ROLLED_BACK),
        row(
            "abort: unknown, just now",
            stopped(),
            w -> {
              w.abort = AbortOutcome.UNKNOWN;
              w.abortFailedAt = World.NOW.minusSeconds(10);
            },
            ROLLING_BACK),
        row(
            "abort: unknown, rested",
            stopped(),
            w -> {
              w.abort = AbortOutcome.UNKNOWN;
              w.abortFailedAt = World.NOW.minusSeconds(31);
            },
            ROLLING_BACK,
            new DeleteJob(JobRole.ABORT)),
        row(
            "abort: committed, holder gone",
            stopped(),
            w -> w.abort = AbortOutcome.COMMITTED,
            COMMITTED,
            new CreateJob(JobRole.TRANSFER)),
        row(
            "abort: committed, failed Job in the way",
            stopped(),
            w -> {
              w.abort = AbortOutcome.COMMITTED;
              w.transfer = JobOutcome.FAILED;
            },
            COMMITTED,
            new DeleteJob(JobRole.TRANSFER)),
        row(
            "abort: committed, holder starting",
            World.copying(),
            w -> {
              w.cancelled = true;
              w.abort = AbortOutcome.COMMITTED;
            },
            COMMITTED),
        row(
            "abort: committed, holder ready",
            World.committed(),
            w -> {
              w.cancelled = true;
              w.abort = AbortOutcome.COMMITTED;
            },
            COMMITTED,
            new MarkClaims(),
            new FlipBinding()),
        row(
            "cancelled after the commit",
            World.committed(),
            w -> w.cancelled = true,
            COMMITTED,
            new MarkClaims(),
            new FlipBinding()),
        row(
            "turned back after the commit",
            World.committed(),
            w -> w.turnedBack = true,
            COMMITTED,
            new MarkClaims(),
            new FlipBinding()),
        row(
            "deleted after the commit",
            World.committed(),
            w -> w.deleting = true,
            COMMITTED,
            new MarkClaims(),
            new FlipBinding()),
        row(
            "cancelled after the flip",
            World.flipped(),
            w -> w.cancelled = true,
            SWITCHED,
            RETURN,
            RETURNED_AT),
        row(
            "deleted after the flip",
            World.returned(),
            w -> w.deleting = true,
            SWITCHED,
            new DeleteJob(JobRole.TRANSFER)),
        row(
            "failed, given up, not asked yet",
            failed(),
            w -> {},
            ROLLING_BACK,
            new CreateJob(JobRole.ABORT)),
        row(
            "failed, PostgreSQL gone",
            failed(),
            w -> {
              w.abort = AbortOutcome.RUNNING;
              w.server = Observed.Server.STARTING;
            },
            ROLLING_BACK),
        row(
            "failed, aborted",
            failed(),
            w -> w.abort = AbortOutcome.ABORTED,
            ROLLING_BACK,
            RETURN,
            RETURNED_AT,
            FAILED),
        row(
            "refused, and certain that nothing committed before",
            failed(),
            w -> {
              w.transfer = JobOutcome.REFUSED;
              w.abort = AbortOutcome.ABORTED;
            },
            ROLLING_BACK,
            RETURN,
            RETURNED_AT,
            FAILED),
        row(
            "fence timed out, given up",
            World.fenced(),
            w -> {
              w.rollback = "FenceTimeout: pods";
              w.pods.add(World.pod("debug", null));
            },
            ROLLING_BACK,
            RETURN,
            RETURNED_AT,
            FAILED),
        row(
            "instance gone while copying",
            World.copying(),
            w -> {
              w.instancePresent = false;
              w.rollback = WHY;
            },
            ROLLING_BACK,
            new DeleteJob(JobRole.TRANSFER)),
        row(
            "instance gone, pod gone",
            stopped(),
            w -> {
              w.instancePresent = false;
              w.rollback = WHY;
              w.cancelled = false;
            },
            ROLLING_BACK,
            RETURN,
            RETURNED_AT,
            FAILED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("points")
  void T32_whatIsFoundDecides(
      String point, World world, MigrationPhase phase, List<Action> actions) {
    MigrationState state = world.next();
    assertThat(state.phase()).isEqualTo(phase);
    assertThat(state.actions()).isEqualTo(actions);
    assertThat(state.ended()).isFalse();
  }

  static Stream<Arguments> reasons() {
    return Stream.of(
        given("PreflightFailed", World.serverReady(), w -> w.preflight = JobOutcome.FAILED),
        given("Refused", World.serverReady(), w -> w.preflight = JobOutcome.REFUSED),
        given(
            "SchemaMigrationFailed",
            World.serverReady(),
            w -> {
              w.schema = Observed.Schema.COMMAND;
              w.schemaJob = JobOutcome.FAILED;
            }),
        given(
            "SchemaCommandNotAllowed",
            World.serverReady(),
            w -> w.schema = Observed.Schema.COMMAND_NOT_ALLOWED),
        given("Refused", World.copying(), w -> w.transfer = JobOutcome.REFUSED),
        given("TransferFailed", World.copying(), w -> w.transfer = JobOutcome.FAILED),
        given(
            "FenceTimeout",
            World.fenced(),
            w -> {
              w.fencedAt = World.NOW.minusSeconds(601);
              w.pods.add(World.pod("debug", null));
            }),
        given(
            "TransferNotStarted",
            World.copying(),
            w -> {
              w.runner = Observed.Runner.NEVER_SEEN;
              w.transferStarted = World.NOW.minusSeconds(601);
            }),
        given(
            "TransferNotStarted",
            World.fenced(),
            w -> w.transferStarted = World.NOW.minusSeconds(601)),
        given("NotOnSource", World.serverReady(), w -> w.active = Backend.POSTGRESQL),
        given("NotOnSource", World.fenced(), w -> w.active = Backend.POSTGRESQL),
        given("CreatedByHand", World.requested(), w -> w.byOperator = false),
        given("InstanceDeleted", World.fenced(), w -> w.instancePresent = false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reasons")
  void T32_givingUpIsWrittenDownBeforeAnythingFollows(String reason, World world) {
    MigrationState state = world.next();
    assertThat(state.phase()).isEqualTo(ROLLING_BACK);
    assertThat(state.reason()).isEqualTo(reason);
    assertThat(state.actions())
        .containsExactly(new Annotate(Annotations.ROLLBACK, reason + ": " + state.message()));
  }

  @Test
  void PHX_31_T24_theFenceNamesThePodsThatDidNotGo() {
    World world = World.fenced();
    world.pods.add(World.pod("debug", null));
    assertThat(world.next().message()).contains("debug");
    world.fencedAt = World.NOW.minusSeconds(601);
    assertThat(world.next().message()).contains("debug");
  }

  @Test
  void T24_aFenceThatIsCompleteAtLastGoesOnHoweverLateItIs() {
    World world = World.fenced();
    world.fencedAt = World.NOW.minusSeconds(601);
    assertThat(world.next().actions()).contains(new CreateJob(JobRole.TRANSFER));
  }

  @Test
  void T16_whoeverWasNeverAskedToStopIsGivenTheTimeForIt() {
    World world = World.fencing();
    world.fencedAt = World.NOW.minusSeconds(601);
    assertThat(world.next().phase()).isEqualTo(FENCED);
    assertThat(world.next().actions())
        .containsExactly(
            new Annotate(Annotations.FENCED_AGAIN, "true"),
            new Annotate(Annotations.FENCED_AT, World.NOW.toString()));
    world.fencedAgain = true;
    assertThat(world.next().reason()).isEqualTo("FenceTimeout");
  }

  @Test
  void aTransferThatDoesNotStartSaysWhy() {
    World world = World.copying();
    world.runner = Observed.Runner.NEVER_SEEN;
    world.obstacle = "pod x has no node: 0/1 nodes are available";
    assertThat(world.next().message()).contains(world.obstacle);
    world.transferStarted = World.NOW.minusSeconds(601);
    assertThat(world.next().message()).contains("10 minutes", world.obstacle);
  }

  @Test
  void anAbortThatDoesNotStartSaysWhy() {
    World world = failed();
    world.abort = AbortOutcome.RUNNING;
    world.obstacle = "pod y has no node: 0/1 nodes are available";
    assertThat(world.next().message()).contains(world.obstacle, "stays stopped");
  }

  @Test
  void T32_engineTurnedTwiceDoesNotRevive() {
    World world = World.fenced();
    world.cancelled = true;
    world.turnedBack = false;
    assertThat(world.next().phase()).isEqualTo(ROLLING_BACK);
  }

  @Test
  void T28_withoutPostgresqlTheMessageSaysItMustComeBack() {
    World world = failed();
    world.abort = AbortOutcome.UNKNOWN;
    world.abortFailedAt = World.NOW;
    assertThat(world.next().message()).contains("PostgreSQL must come back");
  }

  @Test
  void T13_theEndIsReadFromTheMigrationItself() {
    World world = failed();
    world.ended = MigrationPhase.FAILED;
    MigrationState state = world.next();
    assertThat(state.ended()).isTrue();
    assertThat(state.reason()).isEqualTo("TransferFailed");
    assertThat(state.message()).isEqualTo("it failed");
    assertThat(state.actions()).isEmpty();
  }

  @Test
  void T13_refusedReportGoesIntoTheMessage() {
    World world = World.serverReady();
    world.preflight = JobOutcome.REFUSED;
    world.findings = "spans.start_time: NotATimestamp in 3 rows";
    assertThat(world.next().message()).isEqualTo(world.findings);
  }

  private static World stopped() {
    World w = World.copying();
    w.cancelled = true;
    w.transfer = JobOutcome.ABSENT;
    w.transferPodsGone = true;
    return w;
  }

  private static World failed() {
    World w = World.copying();
    w.transfer = JobOutcome.FAILED;
    w.transferPodsGone = true;
    w.rollback = WHY;
    return w;
  }

  private static Arguments given(String reason, World world, Consumer<World> difference) {
    difference.accept(world);
    return arguments(reason, world);
  }

  private static Arguments row(
      String point, World world, Consumer<World> difference, MigrationPhase phase, Action... does) {
    difference.accept(world);
    return arguments(point, world, phase, List.of(does));
  }
}
