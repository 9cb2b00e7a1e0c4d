package dev.wharfinger.runner;

import dev.wharfinger.runner.backup.RequiredKeys;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.backup.sqlite.SqliteRestore;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** {@code restore}: makes everything of a set anew, in an empty directory. */
final class RestoreCommand implements Command {
  static final Set<String> VALUED =
      Set.of(
          "--from",
          "--prefix",
          "--set",
          "--directory",
          "--identity-file",
          "--key",
          "--without-key",
          "--report",
          "--progress");

  @Override
  public int run(Options options) throws Exception {
    String id = BackupArguments.id("--set", options.required("--set"));
    Identities identities = BackupArguments.identities(options);
    RequiredKeys keys =
        new RequiredKeys(
            BackupArguments.keys(options), new TreeSet<>(options.all("--without-key")));
    Path directory =
        BackupArguments.directory(options, "--directory")
            .orElseThrow(() -> new UsageException("--directory is missing"));
    ObjectStore store = BackupArguments.store(options, "--from");
    BackupOutput output = new BackupOutput("restore", options);
    try (store) {
      return output.conclude(() -> {
        StoredSet set = StoredSet.open(store, id);
        output.put("set", set.manifest());
        Warnings warnings = new Warnings();
        new SqliteRestore(set, identities, output, warnings).run(directory, keys);
        output.warnings(warnings);
        output.outcome(
            "restored",
            "",
            "%s is as it was at %s; what was written since then is not in it"
                .formatted(directory, set.manifest().path("consistentAt").asText()));
      });
    }
  }
}
