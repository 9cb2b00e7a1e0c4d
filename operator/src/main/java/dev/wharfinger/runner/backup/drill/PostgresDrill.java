package dev.wharfinger.runner.backup.drill;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.RequiredKeys;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.postgresql.PostgresRestore;
import dev.wharfinger.runner.backup.postgresql.RestoredRows;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Restores a set of PostgreSQL into an empty database for a try, by the very code that restores it
 * when it is needed.
 */
public final class PostgresDrill {
  private final StoredSet set;
  private final Identities identities;
  private final PostgresUrl target;
  private final PostgresRestore restore;
  private final Steps steps;

  /**
   * A drill that was not begun.
   *
   * @param target the same database that {@code restore} fills
   */
  public PostgresDrill(
      StoredSet set,
      Identities identities,
      PostgresUrl target,
      PostgresRestore restore,
      Steps steps) {
    this.set = set;
    this.identities = identities;
    this.target = target;
    this.restore = restore;
    this.steps = steps;
  }

  /**
   * Restores, compares, damages and looks whether that is noticed. What was restored stays in the
   * database, as it was restored.
   *
   * @param scratch where there is room for a copy of the set; it is removed
   * @throws BackupException where the set cannot be restored, or a damage was not noticed
   */
  public DrillFindings run(Path scratch, RequiredKeys keys, Warnings warnings) throws Exception {
    try (DrillPlace place = new DrillPlace(scratch)) {
      long began = System.nanoTime();
      restore.run(keys, warnings, null);
      Duration taken = Duration.ofNanos(System.nanoTime() - began);
      steps.at("damaging", "copies, to see whether that is noticed");
      RestoredRows rows = RestoredRows.of(set, identities);
      List<String> noticed = new ArrayList<>(lostRows(rows));
      noticed.addAll(DamagedSet.noticed(set, place, new SecureRandom()));
      return new DrillFindings(taken, rows.tables(), noticed);
    }
  }

  /** Empties a table, in a transaction that is taken back whatever happens. */
  private List<String> lostRows(RestoredRows rows) throws Exception {
    if (rows.fullest() == null) {
      return List.of();
    }
    try (Connection connection = target.connect()) {
      connection.setAutoCommit(false);
      try {
        rows.empty(connection);
        if (rows.differences(connection).isEmpty()) {
          throw BackupException.refused(
              "damage-unnoticed",
              "the check of restored rows did not notice that "
                  + rows.fullest()
                  + " was empty: do not trust what it has called good");
        }
      } finally {
        connection.rollback();
      }
    }
    return List.of("lost-rows of the restored database");
  }
}
