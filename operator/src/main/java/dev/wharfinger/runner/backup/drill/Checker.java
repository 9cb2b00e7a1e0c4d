package dev.wharfinger.runner.backup.drill;

/** A check that is itself tried. */
interface Checker {
  /** Whether it finds anything wrong. */
  boolean complains() throws Exception;
}
