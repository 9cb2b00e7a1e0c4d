package dev.wharfinger.e2e.fault;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every scenario, spoiled at every write of its golden runs in every mode: it ends where it ends
 * without a fault, and no invariant is broken on the way.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashFaults {
  /** How many scenarios a small sample has. */
  private static final int FEW = 4;

  @TestFactory
  Stream<DynamicContainer> everyWriteMayBeTheLast() {
    return Crashes.of(Settings.scenarios("scenarios", Scenario.plain(), FEW));
  }
}
