package dev.wharfinger.runner.backup.drill;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.RequiredKeys;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.backup.sqlite.RestoredFiles;
import dev.wharfinger.runner.backup.sqlite.SqliteRestore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Restores a set of SQLite for a try, by the very code that restores it when it is needed. */
public final class SqliteDrill {
  private static final int MOST_NAMES = 5;

  private final StoredSet set;
  private final Identities identities;
  private final Steps steps;
  private final Warnings warnings;

  /** A drill that was not begun. */
  public SqliteDrill(StoredSet set, Identities identities, Steps steps, Warnings warnings) {
    this.set = set;
    this.identities = identities;
    this.steps = steps;
    this.warnings = warnings;
  }

  /**
   * Restores, compares, damages and looks whether that is noticed.
   *
   * @param scratch where there is room for what is restored, and then for the set; all of it is
   *     removed
   * @throws BackupException where the set cannot be restored, or a damage was not noticed
   */
  public DrillFindings run(Path scratch, RequiredKeys keys) throws Exception {
    try (DrillPlace place = new DrillPlace(scratch)) {
      Path restored = place.at("restored");
      long began = System.nanoTime();
      new SqliteRestore(set, identities, steps, warnings).run(restored, keys, null, List.of());
      Duration taken = Duration.ofNanos(System.nanoTime() - began);
      steps.at("comparing", restored.toString());
      DrillPlace.open(restored);
      RestoredFiles files = RestoredFiles.of(set, identities);
      same(files.differences(restored));
      SecureRandom random = new SecureRandom();
      steps.at("damaging", "copies, to see whether that is noticed");
      CheckedChecker ofFiles = new CheckedChecker(restored, place.at("file"), random);
      if (files.anything()) {
        ofFiles.run(
            () -> !files.differences(restored).isEmpty(),
            "restored files",
            List.of(Damage.FLIPPED_BYTE));
      }
      DrillPlace.remove(restored);
      List<String> noticed = new ArrayList<>(ofFiles.noticed());
      noticed.addAll(DamagedSet.noticed(set, place, random));
      return new DrillFindings(taken, files.count(), noticed);
    }
  }

  private static void same(List<String> differences) throws BackupException {
    if (!differences.isEmpty()) {
      throw BackupException.refused(
          "restored-differs",
          "what was restored is not what was backed up: "
              + String.join("; ", differences.stream().limit(MOST_NAMES).toList()));
    }
  }
}
