package dev.wharfinger.runner.failpoint;

import org.jspecify.annotations.Nullable;

/**
 * Places where a test lets the runner die, by {@code -Dwharfinger.failpoint=NAME}. Nothing that is
 * said in a resource gets here: the arguments of a Job come after the name of the main class, and
 * its environment holds no options of the JVM.
 */
public final class Failpoint {
  private static final @Nullable String WANTED = System.getProperty("wharfinger.failpoint");

  private Failpoint() {}

  /**
   * Ends the process here, if a test wants that. A process cannot send SIGKILL to itself by Java's
   * means; this is as abrupt: no hook runs, nothing is closed but by the kernel.
   */
  public static void at(String name) {
    if (name.equals(WANTED)) {
      Runtime.getRuntime().halt(137);
    }
  }

  /** The same for one of many, named {@code NAME-NUMBER}. */
  public static void at(String name, int number) {
    if (WANTED != null) {
      at(name + "-" + number);
    }
  }
}
