package dev.wharfinger.e2e.fault;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The same for servers that speak TLS: their certificates, the next authority, another mode. */
@Execution(ExecutionMode.CONCURRENT)
class TlsFaults {
  /** How many scenarios a small sample has. */
  private static final int FEW = 1;

  @TestFactory
  Stream<DynamicContainer> everyWriteMayBeTheLast() {
    return Crashes.of(Settings.scenarios("tls", TlsDeeds.scenarios(), FEW));
  }
}
