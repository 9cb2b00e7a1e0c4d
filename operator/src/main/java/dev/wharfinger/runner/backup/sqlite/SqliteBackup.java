package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.Lineage;
import dev.wharfinger.runner.backup.ManifestHead;
import dev.wharfinger.runner.backup.SetWriter;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.Suspicion;
import dev.wharfinger.runner.backup.Target;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.KeyFingerprint;
import dev.wharfinger.runner.transfer.sqlite.FileHeader;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** One set of SQLite databases, all of one instant, and the files beside them. */
public final class SqliteBackup {
  /** The engine, as lineage and manifest say it. */
  public static final String ENGINE = "sqlite";

  private final BackupPlan plan;
  private final Target target;
  private final Steps steps;
  private final Copies.Overgrowth overgrowth;
  private final Warnings warnings = new Warnings();
  private final Instant startedAt = Instant.now();

  /** A backup that was not begun. */
  public SqliteBackup(BackupPlan plan, Target target, Steps steps, Copies.Overgrowth overgrowth) {
    this.plan = plan;
    this.target = target;
    this.steps = steps;
    this.overgrowth = overgrowth;
  }

  /**
   * Makes the set.
   *
   * @return its manifest
   * @throws BackupException where there is none; nothing of it is left then
   */
  public JsonNode run() throws Exception {
    if (!Files.isDirectory(plan.directory())) {
      throw BackupException.refused(
          "directory-missing", plan.directory() + " is no directory; is the volume mounted?");
    }
    List<Declared> databases = Declared.of(plan.directory(), plan.databases());
    for (Declared database : databases) {
      // SQLite reads zeros there, and a copy would be sound.
      if (FileHeader.endsWithinAPage(database.file())) {
        throw BackupException.refused(
            "source-damaged", database.name() + " is cut off: it ends within a page");
      }
    }
    Lineage lineage = target.claim(plan.instance(), ENGINE, "", warnings);
    steps.at("looking", "what lies beside the databases");
    warnings.names(
        "unprotected-files",
        "databases that nobody declared, so they are not in the set",
        UndeclaredDatabases.in(plan.directory(), databases));
    Surroundings.strays(plan.directory())
        .forEach((name, why) -> warnings.add("stray-file", name + ": " + why));
    SideFiles side = new SideFiles(plan.directory(), plan.extraPaths(), databases);
    TreeMap<String, String> before = side.fingerprints();
    ManifestHead head = plan.head(startedAt);
    List<KeyFingerprint> keys = head.fingerprints();
    steps.at("copying", databases.size() + " databases at one instant");
    try (Copies copies = Copies.take(databases, plan.scratch(), plan.mayBlock(), overgrowth)) {
      head.sameKeys(keys);
      steps.at("storing", target.store().describe());
      try (SetWriter writer = SetWriter.begin(target, lineage, plan.id(), plan.recipients())) {
        SqliteSet set = new SqliteSet(plan, writer, warnings);
        set.write(databases, copies, side, before, keys);
        steps.at("verifying", "what was stored");
        ObjectNode manifest = manifest(head, lineage, copies, keys, set);
        writer.complete(manifest);
        return manifest;
      }
    } catch (SQLException e) {
      if (SourceDatabase.damaged(e)) {
        throw BackupException.refused(
            "source-damaged", "SQLite cannot read a database: " + e.getMessage());
      }
      throw e;
    }
  }

  private ObjectNode manifest(
      ManifestHead head, Lineage lineage, Copies copies, List<KeyFingerprint> keys, SqliteSet set)
      throws IOException {
    ObjectNode manifest = head.manifest(lineage, copies.instant(), keys);
    manifest.withObject("/tools").put("sqlite", org.sqlite.SQLiteJDBCLoader.getVersion());
    set.describe(manifest);
    ManifestHead.warn(
        manifest, Suspicion.of(target.store(), set.rows(), set.bytes(), warnings), warnings);
    return manifest;
  }
}
