package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether an operator is at rest: it was made to look at everything several times over, and wrote
 * nothing.
 */
final class Rest {
  private static final int ROUNDS = 2;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Rest() {}

  /** Waits for rounds without a write; L2. */
  static void await(Lane lane) {
    int quiet = 0;
    long end = System.nanoTime() + Lane.PATIENCE.toNanos();
    while (quiet < ROUNDS) {
      int before = lane.history().size();
      round(lane);
      // What is refused at each look, as where a name is taken, changes nothing.
      boolean wrote = lane.history().writes(before).anyMatch(ApiRequest::applied);
      quiet = wrote ? 0 : quiet + 1;
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "L2: the operator does not come to rest:\n"
                + lane.history().prefix(lane.history().size(), 60));
      }
    }
  }

  private static void round(Lane lane) {
    double ended = ended(lane.operator().metrics());
    if (lane.find(StorageInstance.class, Deeds.APP) != null) {
      lane.patch(
          StorageInstance.class,
          Deeds.APP,
          "{\"metadata\":{\"annotations\":{\"example.com/round\":\"%d\"}}}"
              .formatted(NEXT.incrementAndGet()));
      lane.until(
          "a look at the instance",
          Duration.ofSeconds(90),
          () -> ended(lane.operator().metrics()) > ended);
    }
    lane.until("nothing runs", () -> idle(lane.operator().metrics()));
  }

  /** How many runs have ended well. */
  static double ended(Map<String, Double> metrics) {
    return metrics.getOrDefault("operator_sdk_reconciliations_success_total", 0d);
  }

  /**
   * No run is going on, and none waits for a thread: the framework counts a run as queued until it
   * has ended. What it counts as executions is one too few for ever once a run found its resource
   * gone, for then only the end is counted.
   */
  static boolean idle(Map<String, Double> metrics) {
    return !metrics.isEmpty()
        && metrics.entrySet().stream()
            .filter(e -> e.getKey().startsWith("operator_sdk_reconciliations_queue_size_"))
            .allMatch(e -> e.getValue() == 0);
  }
}
