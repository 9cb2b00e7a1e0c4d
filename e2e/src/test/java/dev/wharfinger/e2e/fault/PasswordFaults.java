package dev.wharfinger.e2e.fault;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The same for another password of the operator's own server, and for one that is taken back. */
@Execution(ExecutionMode.CONCURRENT)
class PasswordFaults {
  /** How many scenarios a small sample has. */
  private static final int FEW = 1;

  @TestFactory
  Stream<DynamicContainer> everyWriteMayBeTheLast() {
    return Crashes.of(Settings.scenarios("passwords", PasswordDeeds.scenarios(), FEW));
  }
}
