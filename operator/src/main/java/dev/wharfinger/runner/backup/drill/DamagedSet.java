package dev.wharfinger.runner.backup.drill;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.store.FolderStore;
import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/** A copy of a set, damaged in every way before the check that goes before each restore. */
final class DamagedSet {
  private DamagedSet() {}

  /**
   * Copies the set, damages the copy and has it checked.
   *
   * @return what was noticed
   * @throws BackupException {@code damage-unnoticed} or {@code no-room}
   */
  static List<String> noticed(StoredSet set, DrillPlace place, Random random) throws Exception {
    Path copy = place.make("set");
    room(set, copy);
    try (FolderStore store = new FolderStore(copy, "")) {
      set.copyTo(store);
      CheckedChecker checked = new CheckedChecker(copy, place.at("object"), random);
      checked.run(
          () -> complains(store, set.id()),
          "a stored set",
          List.copyOf(EnumSet.allOf(Damage.class)));
      return checked.noticed();
    }
  }

  private static boolean complains(FolderStore store, String id) throws IOException {
    try {
      StoredSet.open(store, id).sound();
      return false;
    } catch (BackupException e) {
      return true;
    }
  }

  private static void room(StoredSet set, Path there) throws IOException, BackupException {
    long bytes = set.manifest().path("totals").path("storedBytes").asLong();
    long room = SnapshotDirectory.usable(there);
    if (room < bytes) {
      throw BackupException.refused(
          "no-room",
          "a copy of the set takes %d bytes, and %s has %d"
              .formatted(bytes, there, Math.max(0, room)));
    }
  }
}
