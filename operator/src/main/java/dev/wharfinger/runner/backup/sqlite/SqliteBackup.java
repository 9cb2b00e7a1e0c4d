package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.Lineage;
import dev.wharfinger.runner.backup.SetWriter;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Suspicion;
import dev.wharfinger.runner.backup.Target;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.KeyFingerprint;
import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** One set of SQLite databases, all of one instant, and the files beside them. */
public final class SqliteBackup {
  /** The engine, as lineage and manifest say it. */
  public static final String ENGINE = "sqlite";

  private static final ObjectMapper MAPPER = new ObjectMapper();

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
    List<KeyFingerprint> keys = keys();
    steps.at("copying", databases.size() + " databases at one instant");
    try (Copies copies = Copies.take(databases, plan.scratch(), plan.mayBlock(), overgrowth)) {
      sameKeys(keys);
      steps.at("storing", target.store().describe());
      try (SetWriter writer =
          SetWriter.begin(target.store(), lineage, plan.id(), plan.recipients())) {
        SqliteSet set = new SqliteSet(plan, writer, warnings);
        set.write(databases, copies, side, before, keys);
        steps.at("verifying", "what was stored");
        ObjectNode manifest = manifest(lineage, copies, keys, set);
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

  /** The set of an earlier try of the same name, if it was finished. */
  public static JsonNode earlier(Target target, BackupPlan plan)
      throws IOException, BackupException {
    JsonNode manifest = StoredSet.open(target.store(), plan.id()).manifest();
    if (!manifest.path("instance").asText().equals(plan.instance())) {
      throw BackupException.refused(
          "id-in-use", "there is a set " + plan.id() + " of another instance");
    }
    return manifest;
  }

  private List<KeyFingerprint> keys() throws IOException {
    List<KeyFingerprint> keys = new ArrayList<>();
    for (var key : plan.keys().entrySet()) {
      keys.add(KeyFingerprint.of(key.getKey(), key.getValue()));
    }
    return keys;
  }

  private void sameKeys(List<KeyFingerprint> keys) throws IOException, BackupException {
    Failpoint.at("keys");
    for (KeyFingerprint key : keys) {
      if (!key.matches(java.util.Objects.requireNonNull(plan.keys().get(key.name())))) {
        throw BackupException.failed(
            "key-changed", "the key " + key.name() + " changed while the databases were copied");
      }
    }
  }

  private ObjectNode manifest(
      Lineage lineage, Copies copies, List<KeyFingerprint> keys, SqliteSet set) throws IOException {
    ObjectNode manifest = MAPPER.createObjectNode();
    manifest.put("schemaVersion", StoredSet.SCHEMA).put("id", plan.id());
    manifest.put("instance", plan.instance()).put("lineage", lineage.id()).put("engine", ENGINE);
    manifest.put("startedAt", startedAt.toString());
    manifest.put("consistentAt", copies.instant().toString());
    manifest.put("finishedAt", Instant.now().toString());
    manifest
        .putObject("tools")
        .put("wharfinger", SqliteBackup.class.getPackage().getImplementationVersion())
        .put("sqlite", org.sqlite.SQLiteJDBCLoader.getVersion());
    if (!plan.recipients().none()) {
      ObjectNode encryption = manifest.putObject("encryption").put("format", "age");
      plan.recipients().names().forEach(encryption.putArray("recipients")::add);
    }
    var required = manifest.putArray("requiredKeys");
    for (KeyFingerprint key : keys) {
      required.addObject().put("name", key.name()).put("salt", key.salt()).put("hash", key.hash());
    }
    set.describe(manifest);
    List<String> suspicious = Suspicion.of(target.store(), set.rows(), set.bytes());
    suspicious.forEach(manifest.putArray("suspicious")::add);
    warnings.names("suspicious", "much less than before", suspicious);
    var list = manifest.putArray("warnings");
    warnings
        .all()
        .forEach(one -> list.addObject().put("code", one.code()).put("detail", one.detail()));
    return manifest;
  }
}
