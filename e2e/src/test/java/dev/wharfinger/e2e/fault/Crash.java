package dev.wharfinger.e2e.fault;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The proxy's rule that makes a {@link Point} happen, once. */
final class Crash implements Action.Rule {
  private final Lane lane;
  private final Point point;
  private final AtomicInteger sent = new AtomicInteger();
  private volatile boolean dying;
  private volatile @Nullable Long at;

  Crash(Lane lane, Point point) {
    this.lane = lane;
    this.point = point;
  }

  /** When it happened, in nanoseconds; null where the write was never sent. */
  @Nullable Long at() {
    return at;
  }

  @Override
  public Action on(ApiRequest request) {
    if (dying && request.mutating()) {
      // Between the answer and its death a process does nothing more.
      return Action.LOSE;
    }
    if (!request.counts()
        || !Point.write(request).equals(point.write())
        || sent.incrementAndGet() != point.nth()) {
      return Action.PASS;
    }
    at = System.nanoTime();
    return switch (point.mode()) {
      case LOST -> {
        kill();
        yield Action.LOSE;
      }
      case UNANSWERED -> {
        lane.history().happened("network", "loses the answer to: " + point.write());
        yield Action.UNANSWERED;
      }
      case AFTER -> {
        dying = true;
        yield new Action.Then(false, this::kill);
      }
    };
  }

  private void kill() {
    dying = true;
    lane.operator().kill();
    lane.history().happened("crash", "kills the operator at: " + point.write());
    lane.proxy().watches().cut(resource -> true);
    dying = false;
    lane.operator().start();
  }
}
