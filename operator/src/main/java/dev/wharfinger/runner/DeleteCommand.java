package dev.wharfinger.runner;

import dev.wharfinger.runner.backup.SetDeletion;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.util.Set;

/** {@code delete}: deletes a set, where a newer one is whole. */
final class DeleteCommand implements Command {
  static final Set<String> VALUED =
      TargetArguments.with("--from", "--set", "--instance", "--report", "--progress");

  @Override
  public int run(Options options) throws Exception {
    String id = BackupArguments.id("--set", options.required("--set"));
    String instance = options.required("--instance");
    ObjectStore store = TargetArguments.store(options, "--from");
    BackupOutput output = new BackupOutput("delete", options);
    try (store) {
      return output.conclude(() -> {
        output.at("deleting", id);
        String newer = SetDeletion.run(store, instance, id);
        output.outcome(
            "deleted",
            "",
            "set %s: %s"
                .formatted(
                    id,
                    newer == null
                        ? "what was left of it is gone"
                        : "it is gone; the newer set " + newer + " was read back whole before"));
      });
    }
  }
}
