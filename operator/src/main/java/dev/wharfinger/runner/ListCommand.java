package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.SetList;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.util.List;
import java.util.Set;

/** {@code list}: the sets of a place, newest first. */
final class ListCommand implements Command {
  static final Set<String> VALUED = TargetArguments.with("--from", "--report", "--progress");

  @Override
  public int run(Options options) throws Exception {
    ObjectStore store = TargetArguments.store(options, "--from");
    BackupOutput output = new BackupOutput("list", options);
    boolean people = options.optional("--progress").isEmpty();
    try (store) {
      return output.conclude(() -> {
        List<SetList.Entry> sets = SetList.of(store);
        ArrayNode list = output.array("sets");
        for (SetList.Entry set : sets) {
          ObjectNode node = list.addObject().put("id", set.id()).put("state", set.state());
          node.put("consistentAt", set.consistentAt());
          node.put("encrypted", set.manifest().has("encryption"));
          node.put("storedBytes", set.manifest().path("totals").path("storedBytes").asLong());
          if (people) {
            System.out.printf(
                "%-27s %-17s %-30s %,d bytes%n",
                set.id(),
                set.state(),
                set.consistentAt().isEmpty() ? "-" : set.consistentAt(),
                set.manifest().path("totals").path("storedBytes").asLong());
          }
        }
        output.outcome("listed", "", sets.size() + " sets in " + store.describe());
      });
    }
  }
}
