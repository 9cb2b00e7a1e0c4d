package dev.wharfinger.e2e.fault;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.function.Executable;

/** One case: a lane that is judged at its end, and whose history is told when it fails. */
final class Trial {
  private Trial() {}

  /** A case with an operator, as a test's body; counted in the table under {@code name}. */
  static Executable of(String name, Consumer<Lane> body) {
    return () -> run(name, body);
  }

  static void run(String name, Consumer<Lane> body) {
    Assumptions.assumeTrue(Settings.only().isEmpty() || Settings.only().equals(name));
    long begin = System.nanoTime();
    try (Lane lane = Lane.open(prefix(name))) {
      try {
        body.accept(lane);
      } catch (Throwable e) {
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
      throw new AssertionError(e.getMessage() + "\n" + Settings.replay(name), e);
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
