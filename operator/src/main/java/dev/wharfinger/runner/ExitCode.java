package dev.wharfinger.runner;

/** Exit codes of every command. */
public final class ExitCode {
  /** Done, and verified where there is something to verify. */
  public static final int DONE = 0;

  /** Failed; trying again may help. Nothing was changed. */
  public static final int FAILED = 1;

  /** Refused with a report; trying again cannot help. Nothing was changed. */
  public static final int REFUSED = 2;

  /**
   * Refused: the volume is a network file system, on which a write-ahead log is not safe. Nothing
   * was made.
   */
  public static final int NETWORK_FILE_SYSTEM = 3;

  /** The arguments make no sense. */
  public static final int USAGE = 64;

  private ExitCode() {}
}
