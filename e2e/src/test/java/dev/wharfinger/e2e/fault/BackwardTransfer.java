package dev.wharfinger.e2e.fault;

import dev.wharfinger.e2e.fault.Store.Postgres;
import dev.wharfinger.e2e.fault.World.Commit;

/** Locks the tables, copies for a moment, puts the new file in its place, and holds the locks. */
final class BackwardTransfer implements Program {
  private static final int TICKS_OF_COPYING = 4;
  private static final int FAILED = 1;

  private final Start start;
  private int ticks;
  private boolean holding;

  BackwardTransfer(Start start) {
    this.start = start;
  }

  @Override
  public Status tick() {
    if (holding) {
      return Status.READY;
    }
    World world = start.world();
    Postgres source = start.connect();
    if (source == null || !world.hold(source, start.uid())) {
      return Status.ended(FAILED);
    }
    String operation = start.after("--operation");
    Commit marker = world.marker(start.claim(), operation);
    if (marker == Commit.ABORTED) {
      return Status.ended(FAILED);
    }
    world.seal(source, operation);
    if (marker == null && ++ticks < TICKS_OF_COPYING) {
      return Status.STARTING;
    }
    if (marker == null && !world.commitBack(source, operation, start.claim(), start.uid())) {
      return Status.ended(FAILED);
    }
    holding = true;
    return Status.READY;
  }

  @Override
  public void stop() {
    start.world().unlock(start.uid());
  }

  @Override
  public String log() {
    return holding ? Programs.report("moved") : "";
  }
}
