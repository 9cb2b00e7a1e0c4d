package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.Target;
import dev.wharfinger.runner.backup.sqlite.BackupPlan;
import dev.wharfinger.runner.backup.sqlite.SqliteBackup;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.nio.file.Path;
import java.util.Set;

/** {@code backup}: writes a set of databases, all of one instant, and of what belongs to them. */
final class BackupCommand implements Command {
  static final Set<String> VALUED =
      Set.of(
          "--directory",
          "--database",
          "--extra-path",
          "--to",
          "--prefix",
          "--instance",
          "--id",
          "--recipient",
          "--key",
          "--scratch",
          "--report",
          "--progress");
  static final Set<String> FLAGS = Set.of("--allow-blocking");

  @Override
  public int run(Options options) throws Exception {
    BackupPlan plan = plan(options);
    ObjectStore store = BackupArguments.store(options, "--to");
    String to = options.required("--to");
    if (to.startsWith("file://") && plan.holds(Path.of(to.substring("file://".length())))) {
      throw new UsageException("--to lies in an extra path, so each set would hold those before");
    }
    if (plan.holds(plan.scratch())) {
      throw new UsageException("--scratch lies in an extra path");
    }
    BackupOutput output = new BackupOutput("backup", options);
    try (store) {
      return output.conclude(() -> run(plan, new Target(store), output));
    }
  }

  private static BackupPlan plan(Options options) {
    if (options.all("--database").isEmpty()) {
      throw new UsageException("--database is missing");
    }
    return new BackupPlan(
        BackupArguments.directory(options, "--directory")
            .orElseThrow(() -> new UsageException("--directory is missing")),
        options.all("--database"),
        options.all("--extra-path"),
        BackupArguments.instance(options),
        BackupArguments.fresh(options),
        BackupArguments.recipients(options),
        BackupArguments.keys(options),
        BackupArguments.directory(options, "--scratch")
            .orElse(Path.of(System.getProperty("java.io.tmpdir"), "wharfinger-backup")),
        options.has("--allow-blocking"));
  }

  private static void run(BackupPlan plan, Target target, BackupOutput output) throws Exception {
    if (target.has(plan.id())) {
      JsonNode manifest = SqliteBackup.earlier(target, plan);
      output.put("set", manifest);
      output.outcome("already-completed", "", "set " + plan.id() + " was completed before");
      return;
    }
    SqliteBackup backup =
        new SqliteBackup(
            plan,
            target,
            output,
            why -> {
              output.failed(why);
              output.tell();
              // SQLite's copying cannot be stopped otherwise, and the application's disk fills.
              Runtime.getRuntime().halt(ExitCode.FAILED);
            });
    JsonNode manifest = backup.run();
    output.put("set", manifest);
    output.put("warnings", manifest.path("warnings"));
    output.outcome(
        "completed",
        "",
        "set %s holds %d databases and %d other files of %s; %d bytes in %s"
            .formatted(
                plan.id(),
                manifest.path("totals").path("databases").asLong(),
                manifest.path("totals").path("files").asLong(),
                manifest.path("consistentAt").asText(),
                manifest.path("totals").path("storedBytes").asLong(),
                target.store().describe()));
  }
}
