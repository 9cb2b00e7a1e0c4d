package dev.wharfinger.runner.schema;

import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's migrations of one database: first it is validated, then a copy is made where one is
 * wanted and something would change, then they are run. Never out of order, and its history is
 * repaired only when that is asked for.
 */
public final class FlywayMigrations {
  /** Who keeps the revision. */
  public static final String TOOL = "Flyway";

  private final SchemaDatabase database;
  private final FluentConfiguration configuration;
  private @Nullable String copy;

  /**
   * Migrations of a database.
   *
   * @param directory of {@code V1__name.sql} files
   * @param placeholders what {@code ${name}} stands for
   * @param baseline version that a schema of other making is taken for, or null
   */
  public FlywayMigrations(
      SchemaDatabase database,
      Path directory,
      Map<String, String> placeholders,
      @Nullable String baseline) {
    this.database = database;
    this.configuration =
        database
            .configure(Flyway.configure())
            .locations("filesystem:" + directory.toAbsolutePath())
            .failOnMissingLocations(true)
            .validateOnMigrate(true)
            .validateMigrationNaming(true)
            .outOfOrder(false)
            .cleanDisabled(true)
            .placeholders(placeholders);
    if (baseline != null) {
      configuration.baselineOnMigrate(true).baselineVersion(baseline);
    }
  }

  /**
   * Runs them.
   *
   * @param repair whether the history is repaired first: failed entries go, checksums are taken
   *     anew
   * @param copyTo where a copy of the file is made before anything is changed, or null for none
   * @throws SchemaException with Flyway's reason; what one migration had begun was rolled back
   */
  public SchemaResult run(boolean repair, @Nullable Path copyTo) {
    try {
      Flyway flyway = configuration.load();
      if (Stream.of(flyway.info().all()).noneMatch(m -> m.getState().isResolved())) {
        throw SchemaException.lasting(
            "no-migrations", "there is no migration: files are named like V1__name.sql");
      }
      Path verified = null;
      boolean changes = repair || flyway.info().pending().length > 0;
      if (changes && copyTo != null && database.file() != null && !database.isEmpty()) {
        FileCopy made = FileCopy.make(database.file(), copyTo);
        verified = made.file();
        copy = made.file().getFileName().toString();
        System.err.println("copied to " + made.file() + ", sha256 " + made.sha256());
      }
      if (repair) {
        flyway.repair();
      }
      Failpoint.at("before-schema-migration");
      int applied = flyway.migrate().migrationsExecuted;
      Failpoint.at("after-schema-migration");
      if (verified != null) {
        OldCopies.prune(verified);
      }
      return new SchemaResult(
          "migrated", words(applied), TOOL, revision(flyway.info().current()), applied, copy);
    } catch (IOException e) {
      throw SchemaException.lasting(
          "copy-failed", database.scrub("no copy could be made: " + e.getMessage()));
    } catch (FlywayException | SQLException e) {
      System.err.println(database.scrub(String.valueOf(e.getMessage())));
      String words = database.scrub(FailureWords.of(e));
      throw FailureWords.mayPass(e)
          ? SchemaException.passing("database-unavailable", words)
          : SchemaException.lasting("migration-failed", words);
    }
  }

  /** File name of the copy that was made, also where what came after it failed. */
  public @Nullable String copy() {
    return copy;
  }

  private static String words(int applied) {
    return applied == 0
        ? "nothing was to be done"
        : applied == 1 ? "1 migration was run" : applied + " migrations were run";
  }

  /** The version that the schema is of now, or null where it cannot be told. */
  public @Nullable String revision() {
    try {
      return revision(configuration.load().info().current());
    } catch (FlywayException e) {
      return null;
    }
  }

  private static @Nullable String revision(@Nullable MigrationInfo current) {
    if (current == null) {
      return null;
    }
    return current.getVersion() == null
        ? current.getDescription()
        : current.getVersion().toString();
  }
}
