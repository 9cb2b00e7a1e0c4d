package dev.wharfinger.runner;

/** One command of the runner. */
interface Command {

  /**
   * Runs it.
   *
   * @return the exit code, one of {@link ExitCode}
   * @throws UsageException where the arguments make no sense
   */
  int run(Options options) throws Exception;
}
