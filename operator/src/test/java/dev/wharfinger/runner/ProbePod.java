package dev.wharfinger.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the pod of a Job does that tries a server. */
public final class ProbePod {
  private ProbePod() {}

  /**
   * How it ended.
   *
   * @param exit its exit code
   * @param words its termination message
   */
  public record End(int exit, String words) {}

  /** Runs it with the arguments of its container. */
  public static End run(List<String> arguments, Map<String, String> environment)
      throws IOException {
    Path result = Files.createTempFile("wharfinger-probe", ".json");
    try {
      List<String> all = new ArrayList<>(arguments.subList(2, arguments.size()));
      all.set(all.indexOf("--result") + 1, result.toString());
      int exit =
          new ProbeCommand(environment)
              .run(Options.parse(all, ProbeCommand.VALUED, ProbeCommand.FLAGS));
      return new End(exit, Files.readString(result));
    } finally {
      Files.delete(result);
    }
  }
}
