package dev.wharfinger.runner;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.backup.sqlite.SqliteBackup;
import dev.wharfinger.runner.backup.sqlite.SqliteRestore;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * {@code verify}: reads every object of a set and compares it with the manifest; with {@code
 * --scratch} restores it there, checks that, and removes it again.
 */
final class VerifyCommand implements Command {
  static final Set<String> VALUED =
      TargetArguments.with(
          "--from", "--set", "--identity-file", "--scratch", "--report", "--progress");

  @Override
  public int run(Options options) throws Exception {
    String id = BackupArguments.id("--set", options.required("--set"));
    Identities identities = BackupArguments.identities(options);
    Optional<Path> scratch = BackupArguments.directory(options, "--scratch");
    ObjectStore store = TargetArguments.store(options, "--from");
    BackupOutput output = new BackupOutput("verify", options);
    try (store) {
      return output.conclude(() -> {
        output.at("verifying", id);
        StoredSet set = StoredSet.open(store, id);
        output.put("set", set.manifest());
        set.sound();
        if (scratch.isPresent()
            && !set.manifest().path("engine").asText().equals(SqliteBackup.ENGINE)) {
          throw BackupException.refused(
              "other-engine",
              "--scratch is for SQLite; restore this set into a new database instead");
        }
        if (scratch.isPresent()) {
          new SqliteRestore(set, identities, output, new Warnings()).rehearse(scratch.get());
        }
        String level = scratch.isPresent() ? "Opened" : "HashVerified";
        output.put("level", com.fasterxml.jackson.databind.node.TextNode.valueOf(level));
        output.outcome(
            "verified",
            "",
            "set %s: %s"
                .formatted(
                    id,
                    scratch.isPresent()
                        ? "restored for a try, and everything is as it was"
                        : "every object is there as it was written"));
      });
    }
  }
}
