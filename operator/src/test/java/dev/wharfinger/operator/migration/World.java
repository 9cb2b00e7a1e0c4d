package dev.wharfinger.operator.migration;

import static dev.wharfinger.operator.job.JobOutcome.ABSENT;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.job.AbortOutcome;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.migration.Consumer.Holder;
import dev.wharfinger.operator.migration.Observed.Runner;
import dev.wharfinger.operator.migration.Observed.Schema;
import dev.wharfinger.operator.migration.Observed.Server;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A world that tests describe by what differs from a migration that was just made. */
final class World {
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  boolean dryRun;
  boolean byOperator = true;
  boolean deleting;
  boolean cancelled;
  boolean turnedBack;
  boolean instancePresent = true;
  @Nullable String rollback;
  @Nullable MigrationPhase ended;
  Backend active = Backend.SQLITE;
  Backend source = Backend.SQLITE;
  boolean flipped;
  @Nullable Instant switchedAt;
  Server server = Server.READY;
  Schema schema = Schema.DERIVED;
  JobOutcome schemaJob = ABSENT;
  JobOutcome preflight = ABSENT;
  JobOutcome transfer = ABSENT;
  @Nullable Instant transferStarted;
  Runner runner = Runner.NEVER_SEEN;
  boolean transferReady;
  boolean transferPodsGone = true;
  AbortOutcome abort = AbortOutcome.ABSENT;
  @Nullable Instant abortFailedAt;
  @Nullable String obstacle;
  @Nullable Instant fencedAt;
  boolean fencedAgain;
  @Nullable Instant returnedAt;
  List<Consumer> consumers = new ArrayList<>();
  List<ForeignPod> pods = new ArrayList<>();
  @Nullable String backup;
  @Nullable String findings;
  @Nullable Loss loss;
  Instant now = NOW;

  static World requested() {
    World w = new World();
    w.server = Server.ABSENT;
    w.consumers.add(consumer("app", "2", false, Holder.NOBODY));
    w.pods.add(pod("app-1", "Deployment/app"));
    return w;
  }

  static World serverReady() {
    World w = requested();
    w.server = Server.READY;
    return w;
  }

  static World preflightPassed() {
    World w = serverReady();
    w.preflight = JobOutcome.COMPLETE;
    return w;
  }

  static World fencing() {
    World w = preflightPassed();
    w.fencedAt = NOW.minusSeconds(5);
    return w;
  }

  static World fenced() {
    World w = fencing();
    w.consumers.clear();
    w.consumers.add(consumer("app", "0", true, Holder.US));
    w.pods.clear();
    return w;
  }

  static World copying() {
    World w = fenced();
    w.transferStarted = NOW.minusSeconds(4);
    w.runner = Runner.NOTED;
    w.transfer = JobOutcome.RUNNING;
    w.transferPodsGone = false;
    return w;
  }

  static World committed() {
    World w = copying();
    w.transferReady = true;
    return w;
  }

  static World flipped() {
    World w = committed();
    w.flipped = true;
    w.active = Backend.POSTGRESQL;
    w.switchedAt = NOW.minusSeconds(1);
    return w;
  }

  static World returned() {
    World w = flipped();
    w.returnedAt = NOW;
    w.consumers.clear();
    w.consumers.add(consumer("app", "2", false, Holder.NOBODY));
    w.pods.add(new ForeignPod("app-2", NOW, true, "Deployment/app"));
    return w;
  }

  static World unlocked() {
    World w = returned();
    w.transfer = ABSENT;
    w.transferReady = false;
    w.transferPodsGone = true;
    return w;
  }

  static Consumer consumer(String name, String size, boolean stopped, Holder holder) {
    return new Consumer(
        ConsumerKind.DEPLOYMENT,
        name,
        "uid-" + name,
        "7",
        size,
        stopped,
        holder,
        holder == Holder.NOBODY ? null : "2");
  }

  static ForeignPod pod(String name, @Nullable String consumer) {
    return new ForeignPod(name, NOW.minusSeconds(3600), true, consumer);
  }

  MigrationState next() {
    return StateMachine.next(observed());
  }

  Observed observed() {
    return new Observed(
        new Observed.Intent(
            dryRun, byOperator, deleting, cancelled, turnedBack, instancePresent, rollback, ended),
        new Observed.Target(active, source, flipped, switchedAt, server, schema),
        new Observed.Jobs(
            schemaJob,
            preflight,
            transfer,
            transferStarted,
            runner,
            transferReady,
            transferPodsGone,
            abort,
            abortFailedAt,
            null,
            obstacle),
        new Observed.Fence(
            fencedAt, fencedAgain, returnedAt, List.copyOf(consumers), List.copyOf(pods), backup),
        findings,
        loss,
        now);
  }
}
