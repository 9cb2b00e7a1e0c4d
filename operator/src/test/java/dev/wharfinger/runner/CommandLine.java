package dev.wharfinger.runner;

import java.util.List;

/** The commands, for tests of other packages. */
public final class CommandLine {
  private CommandLine() {}

  /** Runs one in this process and gives its exit code. */
  public static int run(List<String> args) {
    return RunnerMain.run(args);
  }

  /** Runs one as a process that may die at a failpoint; gives its exit code. */
  public static int process(java.nio.file.Path directory, String failpoint, List<String> args)
      throws Exception {
    return FaultRig.start(directory, List.of("-Dwharfinger.failpoint=" + failpoint), args)
        .waitFor();
  }

  /**
   * Runs one as a process; gives its exit code.
   *
   * @param directory gets what it says, as {@code out}
   * @param jvm more options of the JVM
   * @param environment more variables
   */
  public static int process(
      java.nio.file.Path directory,
      List<String> jvm,
      java.util.Map<String, String> environment,
      List<String> args)
      throws Exception {
    return FaultRig.start(directory, jvm, environment, args).waitFor();
  }

  /** A database and its log as a killed application leaves them. */
  public static java.nio.file.Path killedSource(java.nio.file.Path file) throws Exception {
    return FaultSource.make(file, 2000);
  }

  /** Hashes of a database and its log. */
  public static List<String> hashes(java.nio.file.Path file) throws Exception {
    return FaultSource.hashes(file);
  }
}
