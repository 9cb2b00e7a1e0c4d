package dev.wharfinger.e2e.fault;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** One case: a lane that is judged at its end, and whose history is told when it fails. */
final class Trial {
  private static final String BY_WEBSOCKET = " by WebSocket";

  private Trial() {}

  /** A case with an operator, as a test's body; counted in the table under {@code name}. */
  static Executable of(String name, Consumer<Lane> body) {
    return () -> run(name, body);
  }

  static void run(String name, Consumer<Lane> body) {
    run(name, () -> Lane.open(prefix(name)), body);
  }

  /** A case whose operator has other environment variables than those of all. */
  static void run(String name, Map<String, String> environment, Consumer<Lane> body) {
    run(name, () -> Lane.idle(prefix(name), environment), body);
  }

  /**
   * A case with an operator that watches by HTTP, and the same with one that watches by WebSocket;
   * a sample has one of the two.
   */
  static Stream<DynamicTest> byBoth(String name, Consumer<Lane> body) {
    return Settings.one(name, List.of(false, true)).stream()
        .map(webSockets -> {
          String full = webSockets ? name + BY_WEBSOCKET : name;
          return dynamicTest(
              full, () -> run(full, () -> Lane.open(prefix(full), webSockets), body));
        });
  }

  private static void run(String name, Supplier<Lane> open, Consumer<Lane> body) {
    Assumptions.assumeTrue(Settings.only().isEmpty() || Settings.only().equals(name));
    long begin = System.nanoTime();
    try (Lane lane = open.get()) {
      try {
        body.accept(lane);
      } catch (Throwable e) {
        lane.operator().tellThreads();
        Runs.judge(lane, name);
        throw new AssertionError(
            "%s: %s\n%s"
                .formatted(name, e.getMessage(), lane.history().prefix(lane.history().size(), 150)),
            e);
      }
      Runs.judge(lane, name);
      Table.green(name.replaceAll("_.*", ""), seconds(begin));
    } catch (Throwable e) {
      Table.red(name.replaceAll("_.*", ""));
      throw new AssertionError(Settings.red(e, name), e);
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static String prefix(String name) {
    return name.replaceAll("_.*", "").toLowerCase(java.util.Locale.ROOT);
  }

  /** A scenario has come to its golden end. */
  static void endsAsWithout(Lane lane, String scenario) {
    Rest.await(lane);
    String difference =
        EndState.difference(Runs.golden(Scenario.named(scenario)).end(), EndState.of(lane));
    if (!difference.isEmpty()) {
      throw new AssertionError("it ends elsewhere than without a fault:\n" + difference);
    }
  }
}
