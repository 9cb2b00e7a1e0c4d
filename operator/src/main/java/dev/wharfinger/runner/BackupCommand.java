package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.ManifestHead;
import dev.wharfinger.runner.backup.Target;
import dev.wharfinger.runner.backup.postgresql.PostgresBackup;
import dev.wharfinger.runner.backup.postgresql.PostgresPlan;
import dev.wharfinger.runner.backup.sqlite.BackupPlan;
import dev.wharfinger.runner.backup.sqlite.SqliteBackup;
import dev.wharfinger.runner.backup.sqlite.VolumeFiles;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code backup}: writes a set of databases, all of one instant, and of what belongs to them. */
final class BackupCommand implements Command {
  static final Set<String> VALUED =
      TargetArguments.with(
          "--from",
          "--programs",
          "--directory",
          "--database",
          "--optional-database",
          "--extra-path",
          "--to",
          "--instance",
          "--id",
          "--owner",
          "--recipient",
          "--key",
          "--scratch",
          "--report",
          "--result",
          "--progress");
  static final Set<String> FLAGS = Set.of("--allow-blocking", "--replace-unfinished");

  @Override
  public int run(Options options) throws Exception {
    boolean server = options.optional("--from").isPresent();
    BackupPlan files = server ? null : plan(options);
    PostgresPlan database = server ? postgres(options) : null;
    ObjectStore store = TargetArguments.store(options, "--to");
    if (files != null) {
      refuseItself(options, files);
    } else if (database != null && database.files() != null) {
      refuseItself(options, database.files()::holds);
    }
    BackupOutput output = new BackupOutput("backup", options);
    try (store) {
      return output.conclude(() -> {
        Target target =
            new Target(
                store,
                options.has("--replace-unfinished") ? id(files, database) : null,
                BackupArguments.owner(options));
        if (files != null) {
          run(files.head(Instant.now()), target, output, () -> sqlite(files, target, output));
        } else if (database != null) {
          run(
              database.head(),
              target,
              output,
              () -> new PostgresBackup(database, target, output).run());
        }
      });
    }
  }

  private static @Nullable String id(@Nullable BackupPlan files, @Nullable PostgresPlan database) {
    return files != null ? files.id() : database == null ? null : database.head().id();
  }

  private static void refuseItself(Options options, Predicate<Path> held) {
    if (TargetArguments.folder(options.required("--to")).filter(held).isPresent()) {
      throw new UsageException("--to lies in an extra path, so each set would hold those before");
    }
  }

  private static void refuseItself(Options options, BackupPlan plan) {
    refuseItself(options, plan::holds);
    if (plan.holds(plan.scratch())) {
      throw new UsageException("--scratch lies in an extra path");
    }
  }

  private static PostgresPlan postgres(Options options) {
    for (String name : List.of("--database", "--scratch")) {
      if (options.optional(name).isPresent()) {
        throw new UsageException(name + " is for SQLite; --from names a PostgreSQL database");
      }
    }
    ManifestHead head =
        new ManifestHead(
            BackupArguments.fresh(options),
            BackupArguments.instance(options),
            BackupArguments.recipients(options),
            BackupArguments.keys(options),
            Instant.now());
    return new PostgresPlan(
        head,
        BackupArguments.server(options, "--from"),
        BackupArguments.programs(options),
        beside(options));
  }

  /** Files of a volume that belong to a database which is not on it. */
  private static VolumeFiles.@Nullable Plan beside(Options options) {
    List<String> paths = options.all("--extra-path");
    Path directory = BackupArguments.directory(options, "--directory").orElse(null);
    if ((directory == null) != paths.isEmpty()) {
      throw new UsageException(
          "--directory and --extra-path go together with --from: files that belong to the database");
    }
    if (directory == null) {
      if (options.optional("--optional-database").isPresent()) {
        throw new UsageException("--optional-database with --from is what --directory leaves out");
      }
      return null;
    }
    return new VolumeFiles.Plan(directory, paths, options.all("--optional-database"));
  }

  private static BackupPlan plan(Options options) {
    if (options.all("--database").isEmpty()) {
      throw new UsageException("--database is missing");
    }
    Path directory =
        BackupArguments.directory(options, "--directory")
            .orElseThrow(() -> new UsageException("--directory is missing"));
    return new BackupPlan(
        directory,
        databases(options, directory),
        options.all("--extra-path"),
        BackupArguments.instance(options),
        BackupArguments.fresh(options),
        BackupArguments.recipients(options),
        BackupArguments.keys(options),
        BackupArguments.directory(options, "--scratch")
            .orElse(Path.of(System.getProperty("java.io.tmpdir"), "wharfinger-backup")),
        options.has("--allow-blocking"));
  }

  /** Those that must be there, and those that are. */
  private static List<String> databases(Options options, Path directory) {
    List<String> all = new ArrayList<>(options.all("--database"));
    options.all("--optional-database").stream()
        .filter(name -> Files.exists(directory.resolve(name)))
        .forEach(all::add);
    return all;
  }

  private static JsonNode sqlite(BackupPlan plan, Target target, BackupOutput output)
      throws Exception {
    return new SqliteBackup(
            plan,
            target,
            output,
            why -> {
              output.failed(why);
              output.tell();
              // SQLite's copying cannot be stopped otherwise, and the application's disk fills.
              Runtime.getRuntime().halt(ExitCode.FAILED);
            })
        .run();
  }

  private static void run(
      ManifestHead head, Target target, BackupOutput output, Callable<JsonNode> backup)
      throws Exception {
    if (target.has(head.id())) {
      output.put("set", head.earlier(target));
      output.outcome("already-completed", "", "set " + head.id() + " was completed before");
      return;
    }
    JsonNode manifest = backup.call();
    output.put("set", manifest);
    output.put("warnings", manifest.path("warnings"));
    JsonNode totals = manifest.path("totals");
    output.outcome(
        "completed",
        "",
        "set %s holds %d tables and %d other files of %s; %d bytes in %s"
            .formatted(
                head.id(),
                totals.path("tables").asLong(),
                totals.path("files").asLong(),
                manifest.path("consistentAt").asText(),
                totals.path("storedBytes").asLong(),
                target.store().describe()));
  }
}
