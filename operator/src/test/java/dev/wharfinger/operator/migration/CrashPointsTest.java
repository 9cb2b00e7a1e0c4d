package dev.wharfinger.operator.migration;

import static dev.wharfinger.api.v1alpha1.MigrationPhase.COMMITTED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.COPYING;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.DONE;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.FENCED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.PREFLIGHT;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.REQUESTED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.migration.Action.Annotate;
import dev.wharfinger.operator.migration.Action.CreateCandidateBinding;
import dev.wharfinger.operator.migration.Action.CreateJob;
import dev.wharfinger.operator.migration.Action.DeleteJob;
import dev.wharfinger.operator.migration.Action.Fence;
import dev.wharfinger.operator.migration.Action.FlipBinding;
import dev.wharfinger.operator.migration.Action.MarkClaims;
import dev.wharfinger.operator.migration.Action.ReturnConsumers;
import dev.wharfinger.operator.migration.Consumer.Holder;
import dev.wharfinger.operator.migration.Observed.Runner;
import dev.wharfinger.operator.model.Annotations;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The way forward, one row per point at which the operator can die: what a new one finds there, and
 * what it then does. No row has a status, because the function cannot read one.
 */
class CrashPointsTest {
  private static final Annotate FENCED_AT =
      new Annotate(Annotations.FENCED_AT, World.NOW.toString());
  private static final Annotate RETURNED_AT =
      new Annotate(Annotations.RETURNED_AT, World.NOW.toString());
  private static final Annotate STARTED =
      new Annotate(Annotations.TRANSFER_STARTED, World.NOW.toString());
  private static final Annotate END = new Annotate(Annotations.ENDED, "Done");
  private static final dev.wharfinger.operator.migration.Consumer RUNNING =
      World.consumer("app", "2", false, Holder.NOBODY);
  private static final dev.wharfinger.operator.migration.Consumer ROGUE =
      World.consumer("app", "3", false, Holder.US);
  private static final dev.wharfinger.operator.migration.Consumer ZERO =
      World.consumer("app", "0", true, Holder.US);

  static Stream<Arguments> points() {
    return Stream.of(
        row("just made, no server yet", World.requested(), w -> {}, REQUESTED),
        // OXY-15: nothing runs before the server is ready.
        row(
            "server starts",
            World.requested(),
            w -> w.server = Observed.Server.STARTING,
            PREFLIGHT),
        // PIP-10: without a tool nothing is awaited that the application would do when it starts.
        row(
            "server ready, schema derived",
            World.serverReady(),
            w -> {},
            PREFLIGHT,
            new CreateJob(JobRole.PREFLIGHT)),
        // OXY-37: the schema is made before any value is tried.
        row(
            "server ready, Flyway",
            World.serverReady(),
            w -> w.schema = Observed.Schema.FLYWAY,
            PREFLIGHT,
            new CreateJob(JobRole.SCHEMA)),
        row(
            "server ready, command",
            World.serverReady(),
            w -> w.schema = Observed.Schema.COMMAND,
            PREFLIGHT,
            new CreateCandidateBinding(),
            new CreateJob(JobRole.SCHEMA)),
        row(
            "command without a consumer",
            World.serverReady(),
            w -> w.schema = Observed.Schema.COMMAND_WITHOUT_CONSUMER,
            PREFLIGHT),
        row(
            "schema being made",
            World.serverReady(),
            w -> {
              w.schema = Observed.Schema.COMMAND;
              w.schemaJob = JobOutcome.RUNNING;
            },
            PREFLIGHT),
        row(
            "schema made",
            World.serverReady(),
            w -> {
              w.schema = Observed.Schema.COMMAND;
              w.schemaJob = JobOutcome.COMPLETE;
            },
            PREFLIGHT,
            new CreateJob(JobRole.PREFLIGHT)),
        row(
            "values being tried",
            World.serverReady(),
            w -> w.preflight = JobOutcome.RUNNING,
            PREFLIGHT),
        row("preflight passed", World.preflightPassed(), w -> {}, FENCED, FENCED_AT),
        row(
            "preflight passed, a backup is made",
            World.preflightPassed(),
            w -> w.backup = "backup-x",
            PREFLIGHT),
        row(
            "fence announced, nobody touched",
            World.fencing(),
            w -> {},
            FENCED,
            new Fence(List.of(RUNNING))),
        row(
            "consumer at zero, its pod still there",
            World.fenced(),
            w -> w.pods.add(World.pod("app-1", "Deployment/app")),
            FENCED),
        // PIP-04: all that write are stopped, not the first alone.
        row(
            "consumers partly at zero",
            World.fenced(),
            w -> w.consumers.add(World.consumer("worker", "1", false, Holder.NOBODY)),
            FENCED,
            new Fence(List.of(World.consumer("worker", "1", false, Holder.NOBODY)))),
        row(
            "fence complete",
            World.fenced(),
            w -> {},
            COPYING,
            STARTED,
            new CreateJob(JobRole.TRANSFER)),
        row(
            "transfer announced, no Job",
            World.fenced(),
            w -> w.transferStarted = World.NOW.minusSeconds(4),
            COPYING,
            new CreateJob(JobRole.TRANSFER)),
        row(
            "transfer Job deleted by somebody, its pod still there",
            World.fenced(),
            w -> {
              w.transferStarted = World.NOW.minusSeconds(4);
              w.transferPodsGone = false;
            },
            COPYING),
        row("copying", World.copying(), w -> {}, COPYING),
        row(
            "transfer Job made, its pod does not start",
            World.copying(),
            w -> {
              w.runner = Runner.NEVER_SEEN;
              w.transferStarted = World.NOW.minusSeconds(600);
            },
            COPYING),
        row(
            "transfer's runner seen for the first time",
            World.copying(),
            w -> w.runner = Runner.SEEN,
            COPYING,
            new Annotate(Annotations.RUNNER_STARTED, "true")),
        row(
            "a runner once seen is never given up on time",
            World.copying(),
            w -> w.transferStarted = World.NOW.minusSeconds(36_000),
            COPYING),
        row(
            "the same, its Job deleted by somebody",
            World.fenced(),
            w -> {
              w.runner = Runner.NOTED;
              w.transferStarted = World.NOW.minusSeconds(36_000);
            },
            COPYING,
            new CreateJob(JobRole.TRANSFER)),
        row(
            "copying, PostgreSQL restarts",
            World.copying(),
            w -> w.server = Observed.Server.STARTING,
            COPYING),
        row(
            "committed",
            World.committed(),
            w -> {},
            COMMITTED,
            new MarkClaims(),
            new FlipBinding()),
        row(
            "committed, the holder ended by itself",
            World.committed(),
            w -> {
              w.transferReady = false;
              w.transfer = JobOutcome.COMPLETE;
            },
            COMMITTED,
            new MarkClaims(),
            new FlipBinding()),
        row(
            "flipped, consumers still at zero",
            World.flipped(),
            w -> {},
            SWITCHED,
            new ReturnConsumers(List.of(ZERO)),
            RETURNED_AT),
        row(
            "flipped, consumers back, not noted",
            World.returned(),
            w -> {
              w.returnedAt = null;
            },
            SWITCHED,
            RETURNED_AT),
        row(
            "consumers back, lock still held",
            World.returned(),
            w -> {},
            SWITCHED,
            new DeleteJob(JobRole.TRANSFER)),
        row("lock given up", World.unlocked(), w -> {}, SWITCHED, END),
        row("ended", World.unlocked(), w -> w.ended = DONE, DONE),
        row(
            "rogue scale-up in the fence",
            World.fenced(),
            w -> w.consumers = List.of(ROGUE),
            FENCED,
            new Fence(List.of(ROGUE))),
        row(
            "rogue scale-up while copying",
            World.copying(),
            w -> w.consumers = List.of(ROGUE),
            COPYING,
            new Fence(List.of(ROGUE))),
        row(
            "rogue scale-up at the commit",
            World.committed(),
            w -> w.consumers = List.of(ROGUE),
            COMMITTED,
            new Fence(List.of(ROGUE)),
            new MarkClaims(),
            new FlipBinding()),
        row(
            "rogue pod with the old binding after the flip",
            World.flipped(),
            w -> {
              w.consumers = List.of(ROGUE);
              w.pods.add(World.pod("app-9", "Deployment/app"));
            },
            SWITCHED,
            new Fence(List.of(ROGUE))),
        row(
            "the same, at zero again, pod still terminating",
            World.flipped(),
            w -> w.pods.add(World.pod("app-9", "Deployment/app")),
            SWITCHED),
        row(
            "somebody stripped the annotations and scaled up before the flip",
            World.flipped(),
            w -> {
              w.consumers = List.of(RUNNING);
              w.pods.add(World.pod("app-9", "Deployment/app"));
            },
            SWITCHED,
            new Fence(List.of(RUNNING))),
        row(
            "stray pod in the fence",
            World.fenced(),
            w -> w.pods.add(World.pod("debug", null)),
            FENCED),
        row(
            "stray pod while copying stops nothing",
            World.copying(),
            w -> w.pods.add(World.pod("debug", null)),
            COPYING),
        row(
            "stray pod after the flip does not hold the consumers",
            World.flipped(),
            w -> w.pods.add(World.pod("debug", null)),
            SWITCHED,
            new ReturnConsumers(List.of(ZERO)),
            RETURNED_AT),
        row(
            "stray pod keeps the lock",
            World.returned(),
            w -> w.pods.add(World.pod("debug", null)),
            SWITCHED),
        row(
            "an old pod that a consumer took over since keeps the lock",
            World.returned(),
            w -> w.pods.add(World.pod("app-0", "Deployment/app")),
            SWITCHED),
        row(
            "a pod that came back, its time by a clock that is behind, keeps nothing",
            World.returned(),
            w ->
                w.pods.add(
                    new ForeignPod("app-3", World.NOW.minusSeconds(30), true, "Deployment/app")),
            SWITCHED,
            new DeleteJob(JobRole.TRANSFER)),
        row(
            "stray pod and the holder is gone",
            World.unlocked(),
            w -> w.pods.add(World.pod("debug", null)),
            SWITCHED,
            new CreateJob(JobRole.TRANSFER)),
        row(
            "consumer held by another migration",
            World.fenced(),
            w -> w.consumers = List.of(World.consumer("app", "0", true, Holder.ANOTHER)),
            FENCED),
        row(
            "consumer left behind by a migration that is over",
            World.fenced(),
            w -> w.consumers = List.of(World.consumer("app", "0", true, Holder.LEFT_BEHIND)),
            FENCED,
            new Fence(List.of(World.consumer("app", "0", true, Holder.LEFT_BEHIND)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("points")
  void T06_whatIsFoundDecides(
      String point, World world, MigrationPhase phase, List<Action> actions) {
    MigrationState state = world.next();
    assertThat(state.phase()).isEqualTo(phase);
    assertThat(state.actions()).isEqualTo(actions);
    assertThat(state.ended()).isEqualTo(phase.ended());
    assertThat(state.message().length()).isBetween(1, 1024);
  }

  private static Arguments row(
      String point, World world, Consumer<World> difference, MigrationPhase phase, Action... does) {
    difference.accept(world);
    return arguments(point, world, phase, List.of(does));
  }
}
