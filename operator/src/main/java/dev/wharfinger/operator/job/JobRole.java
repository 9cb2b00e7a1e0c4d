package dev.wharfinger.operator.job;

/**
 * The Jobs of a move; each exists at most once at a time, under a name that derives from its role.
 */
public enum JobRole {
  /** Makes the schema on the target. */
  SCHEMA("schema"),
  /** Tries every value without writing any. */
  PREFLIGHT("preflight"),
  /** Moves the data, then holds the lock on the source. */
  TRANSFER("transfer"),
  /** Makes certain that the transfer can never commit any more, or finds that it did. */
  ABORT("abort");

  private final String word;

  JobRole(String word) {
    this.word = word;
  }

  /** The end of the Job's name. */
  public String word() {
    return word;
  }
}
