package dev.wharfinger.runner.backup;

import dev.wharfinger.runner.backup.store.CapabilityProbe;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a set is to go, once it was tried.
 *
 * @param store the place
 * @param abandoned name of a set whose last writer is known to be dead; what it left behind is
 *     removed whatever its age. Null where nobody knows
 * @param owner who asks for the set, of whom there is only one; of an abandoned set of the same
 *     owner all is removed that never got a manifest. Null where nobody says so
 */
public record Target(ObjectStore store, @Nullable String abandoned, @Nullable String owner) {

  /**
   * Tries the store, finds that it is ours, and removes what a killed backup left in it.
   *
   * @throws BackupException where nothing must be written here
   */
  public Lineage claim(String instance, String engine, String system, Warnings warnings)
      throws IOException, BackupException {
    CapabilityProbe.Capabilities can = CapabilityProbe.run(store);
    if (!can.deletes()) {
      warnings.add(
          "target-keeps", "nothing can be deleted here, so tries of the target stay below probe/");
    }
    if (!can.exclusive()) {
      warnings.add(
          "target-not-exclusive",
          "the target does not refuse a second object by itself (If-None-Match), so two backups"
              + " that begin at the same instant may not notice each other");
    }
    Lineage lineage = Lineage.claim(store, instance, engine, system);
    try {
      List<String> swept = new Sweep(store, lineage, Instant.now(), this).run();
      warnings.names("swept", "unfinished sets of killed backups were removed", swept);
    } catch (IOException e) {
      warnings.add("sweep-failed", "unfinished sets could not be removed: " + e.getMessage());
    }
    return lineage;
  }

  /** Whether a set of this name has a manifest. */
  public boolean has(String id) throws IOException {
    String key = SetNames.key(id, SetNames.MANIFEST);
    return store.list(SetNames.prefix(id)).stream().anyMatch(object -> object.key().equals(key));
  }
}
