package dev.wharfinger.e2e.fault;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The same for instances whose schema the operator has migrated: new ones, other files, files that
 * fail, and a move with all of it; and for those whose application has a command for that, or
 * brings its schema by itself.
 */
@Execution(ExecutionMode.CONCURRENT)
class SchemaFaults {
  /** How many scenarios a small sample has. */
  private static final int FEW = 1;

  @TestFactory
  Stream<DynamicContainer> everyWriteMayBeTheLast() {
    return Crashes.of(Settings.scenarios("schema", SchemaDeeds.scenarios(), FEW));
  }
}
