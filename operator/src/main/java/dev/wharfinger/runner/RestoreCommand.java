package dev.wharfinger.runner;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.RequiredKeys;
import dev.wharfinger.runner.backup.RestoreRecord;
import dev.wharfinger.runner.backup.Staging;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.postgresql.PostgresRestore;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.backup.sqlite.Beside;
import dev.wharfinger.runner.backup.sqlite.SqliteRestore;
import dev.wharfinger.runner.backup.sqlite.VolumeFilesRestore;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code restore}: makes everything of a set anew, in an empty directory. */
final class RestoreCommand implements Command {
  static final Set<String> VALUED =
      TargetArguments.with(
          "--from",
          "--set",
          "--directory",
          "--to",
          "--files",
          "--programs",
          "--identity-file",
          "--key",
          "--without-key",
          "--expect",
          "--once",
          "--stage",
          "--report",
          "--result",
          "--progress");

  static final Set<String> FLAGS = Set.of("--no-owner", "--no-files");

  @Override
  public int run(Options options) throws Exception {
    String id = BackupArguments.id("--set", options.required("--set"));
    Identities identities = BackupArguments.identities(options);
    RequiredKeys keys =
        new RequiredKeys(
            BackupArguments.keys(options), new TreeSet<>(options.all("--without-key")));
    boolean server = options.optional("--to").isPresent();
    if (server == options.optional("--directory").isPresent()) {
      throw new UsageException(
          "--directory says where SQLite is restored, or --to where PostgreSQL is");
    }
    Optional<Path> directory = BackupArguments.directory(options, "--directory");
    Optional<PostgresUrl> database =
        server ? Optional.of(BackupArguments.server(options, "--to")) : Optional.empty();
    Optional<String> once = options.optional("--once");
    if (server && !options.all("--expect").isEmpty()) {
      throw new UsageException("--expect goes with --directory");
    }
    Optional<Path> files = BackupArguments.directory(options, "--files");
    if (!server && (files.isPresent() || options.has("--no-files"))) {
      throw new UsageException(
          "--files and --no-files go with --to; with --directory the files are restored there too");
    }
    if (files.isPresent() && options.has("--no-files")) {
      throw new UsageException(
          "--files says where files are restored, or --no-files that none are");
    }
    Optional<Beside> stage = SwapCommand.stage(options, directory);
    if (stage.isPresent() && (server || once.isPresent())) {
      throw new UsageException("--stage goes with --directory, and not with --once");
    }
    ObjectStore store = TargetArguments.store(options, "--from");
    BackupOutput output = new BackupOutput("restore", options);
    try (store) {
      return output.conclude(() -> {
        // Before the set is looked for: it may be gone by now, and what was restored is not.
        if (once.isPresent()
            && (server
                ? done(database.orElseThrow(), once.get(), id, output)
                : done(directory.orElseThrow(), once.get(), id, output))) {
          return;
        }
        if (stage.isPresent() && staged(stage.get(), id, output)) {
          return;
        }
        StoredSet set = StoredSet.open(store, id);
        output.put("set", set.manifest());
        Warnings warnings = new Warnings();
        if (database.isPresent()) {
          if (files.isEmpty() && !options.has("--no-files")) {
            VolumeFilesRestore.refuse(set);
          }
          new PostgresRestore(
                  set,
                  identities,
                  database.get(),
                  !options.has("--no-owner"),
                  BackupArguments.programs(options),
                  () -> {
                    if (files.isPresent() && VolumeFilesRestore.in(set)) {
                      new VolumeFilesRestore(set, identities, output, warnings)
                          .run(files.get(), once.orElse(null));
                    }
                  },
                  output)
              .run(keys, warnings, once.orElse(null));
        } else if (stage.isPresent()) {
          new SqliteRestore(set, identities, output, warnings)
              .beside(stage.get(), keys, options.all("--expect"));
          output.warnings(warnings);
          output.outcome(
              "staged",
              "",
              "all of set %s is made and checked beside what is in %s"
                  .formatted(id, directory.orElseThrow()));
          return;
        } else {
          new SqliteRestore(set, identities, output, warnings)
              .run(directory.orElseThrow(), keys, once.orElse(null), options.all("--expect"));
        }
        output.warnings(warnings);
        output.outcome(
            "restored",
            "",
            "%s is as it was at %s; what was written since then is not in it"
                .formatted(
                    server ? database.orElseThrow() : directory.orElseThrow(),
                    set.manifest().path("consistentAt").asText()));
      });
    }
  }

  /** What an earlier try has made beside the data, or has put in their place already. */
  private static boolean staged(Beside stage, String id, BackupOutput output)
      throws IOException, BackupException {
    RestoreRecord placed = stage.placed();
    RestoreRecord record = placed == null ? stage.staged() : placed;
    if (record == null) {
      return false;
    }
    record.is(stage.task(), id, stage.directory());
    output.put("set", record.set());
    output.outcome("already-staged", "", "an earlier try has made all of set " + id);
    return true;
  }

  /** What an earlier try has done; it says what that said. */
  private static boolean done(Path directory, String task, String id, BackupOutput output)
      throws IOException, BackupException {
    RestoreRecord record = Files.isDirectory(directory) ? RestoreRecord.in(directory) : null;
    if (record == null) {
      return false;
    }
    record.is(task, id, directory);
    Staging.clean(directory);
    output.put("set", record.set());
    already(output, directory.toString(), record);
    return true;
  }

  private static boolean done(PostgresUrl database, String task, String id, BackupOutput output)
      throws SQLException, BackupException {
    RestoreRecord record = PostgresRestore.done(database, task, id);
    if (record == null) {
      return false;
    }
    output.put("set", record.set());
    already(output, database.toString(), record);
    return true;
  }

  private static void already(BackupOutput output, String place, RestoreRecord record) {
    output.outcome(
        "already-restored",
        "",
        "%s has what was restored before, as it was at %s".formatted(place, record.instant()));
  }
}
