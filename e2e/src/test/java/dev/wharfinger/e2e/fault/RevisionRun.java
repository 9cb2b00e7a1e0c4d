package dev.wharfinger.e2e.fault;

/** A pod that reads of which revision a schema is: the runner's own code, on a SQLite file. */
record RevisionRun(Program.Start start) implements Program {
  private static final int FAILED = 1;

  @Override
  public Status tick() {
    LocalPaths paths = new LocalPaths(start);
    Store store = paths.store();
    if (store == null) {
      return Status.ended(FAILED);
    }
    try {
      Runner.Ended ended = Runner.schemaRevision(paths.options(start.arguments(), store, null));
      start.world().happened("job", "reads the revision: " + ended.code() + " " + ended.words());
      return Status.ended(ended.code(), ended.words());
    } catch (RuntimeException e) {
      start.world().happened(World.VIOLATION, "the runner itself fails: " + e);
      return Status.ended(FAILED);
    }
  }
}
