package dev.wharfinger.e2e.fault;

import java.util.Map;

/** Tries a server that somebody else runs. */
record ProbeRun(Program.Start start) implements Program {

  @Override
  public Status tick() {
    Map<String, String> environment = start.environment();
    boolean letIn =
        start
            .world()
            .probe(start.server(), environment.getOrDefault("PGPASSWORD", ""), start.client());
    try {
      Runner.Ended ended =
          Runner.probe(start.arguments().subList(2, start.arguments().size()), environment, letIn);
      return Status.ended(ended.code(), ended.words());
    } catch (RuntimeException e) {
      start.world().happened(World.VIOLATION, "the runner itself fails: " + e);
      return Status.ended(1);
    }
  }
}
