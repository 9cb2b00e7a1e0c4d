package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.wharfinger.runner.backup.RestoreRecord;
import dev.wharfinger.runner.backup.sqlite.Beside;
import dev.wharfinger.runner.backup.sqlite.Swap;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** {@code swap}: puts what {@code restore --stage} has made in the place of what is there. */
final class SwapCommand implements Command {
  static final Set<String> VALUED =
      Set.of("--directory", "--stage", "--database", "--report", "--result", "--progress");

  /** What is said of the folders beside the data, if anything. */
  static Optional<Beside> stage(Options options, Optional<Path> directory) {
    Optional<String> task = options.optional("--stage");
    if (task.isPresent() && !Beside.valid(task.get())) {
      throw new UsageException(
          "--stage is a word of small letters, digits and hyphens, 63 at most");
    }
    return task.flatMap(word -> directory.map(folder -> new Beside(folder, word)));
  }

  private static RestoreRecord swapped(Swap swap, BackupOutput output) throws Exception {
    try {
      return swap.run();
    } finally {
      if (swap.untouched()) {
        output.put("untouched", BooleanNode.TRUE);
      }
    }
  }

  @Override
  public int run(Options options) throws Exception {
    options.required("--stage");
    options.required("--directory");
    Beside beside = stage(options, BackupArguments.directory(options, "--directory")).orElseThrow();
    BackupOutput output = new BackupOutput("swap", options);
    return output.conclude(() -> {
      Swap swap = new Swap(beside, options.all("--database"));
      RestoreRecord before = beside.placed();
      if (before != null) {
        swap.finish();
      }
      RestoreRecord record = before == null ? swapped(swap, output) : before;
      output.put("set", record.set());
      output.outcome(
          before == null ? "restored" : "already-restored",
          "",
          "%s is as it was at %s; what was there before is in %s"
              .formatted(beside.directory(), record.instant(), beside.kept()));
    });
  }
}
