package dev.wharfinger.e2e.fault;

import java.time.Instant;

/** Makes a backup set of a server, which from then on has a backup of before. */
record BackupRun(Program.Start start) implements Program {
  private static final int FAILED = 1;

  @Override
  public Status tick() {
    String server =
        start
            .after("--from")
            .replaceAll("^postgresql://", "")
            .replaceAll(".*@", "")
            .replaceAll("[.:/].*", "");
    Store.Postgres database = start.world().connect(server, start.password());
    if (database == null) {
      return Status.ended(FAILED);
    }
    start.world().schemas().saved(database);
    start.world().happened("job", "makes a backup set of " + server);
    return Status.ended(
        0,
        """
        {"command":"backup","outcome":"completed","reason":"","message":"","set":{"id":"%s",\
        "consistentAt":"%s","totals":{"databases":1,"tables":1,"rows":1,"files":0,"bytes":1,\
        "storedBytes":1},"recipients":[],"suspicious":false},"warnings":[]}\
        """
            .formatted(start.after("--id"), Instant.now()));
  }
}
