package dev.wharfinger.runner.backup.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.CatalogueLine;
import dev.wharfinger.runner.backup.Digests;
import dev.wharfinger.runner.backup.Lineage;
import dev.wharfinger.runner.backup.ManifestHead;
import dev.wharfinger.runner.backup.ObjectOutput;
import dev.wharfinger.runner.backup.SetNames;
import dev.wharfinger.runner.backup.SetObject;
import dev.wharfinger.runner.backup.SetWriter;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.Suspicion;
import dev.wharfinger.runner.backup.Target;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.KeyFingerprint;
import dev.wharfinger.runner.backup.sqlite.VolumeFiles;
import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One set of one PostgreSQL database: a dump of a snapshot, the roles, the rows of tables, and
 * files of a volume that belong to them.
 */
public final class PostgresBackup {
  /** The engine, as lineage and manifest say it. */
  public static final String ENGINE = "postgresql";

  static final String DUMP = "database.dump";
  static final String ROLES = "roles.sql.gz";

  private final PostgresPlan plan;
  private final Target target;
  private final Steps steps;
  private final Warnings warnings = new Warnings();
  private long rows;
  private long bytes;

  /** A backup that was not begun. */
  public PostgresBackup(PostgresPlan plan, Target target, Steps steps) {
    this.plan = plan;
    this.target = target;
    this.steps = steps;
  }

  /**
   * Makes the set.
   *
   * @return its manifest
   * @throws BackupException where there is none; nothing of it is left then
   */
  public JsonNode run() throws Exception {
    ServerFacts facts = ServerFacts.of(plan.source());
    ClientPrograms programs = ClientPrograms.of(facts.major(), plan.programs());
    Lineage lineage = target.claim(plan.head().instance(), ENGINE, facts.system(), warnings);
    VolumeFiles files = plan.files() == null ? null : VolumeFiles.look(plan.files());
    List<KeyFingerprint> keys = plan.head().fingerprints();
    steps.at("copying", plan.source().database());
    try (SetWriter writer =
        SetWriter.begin(target, lineage, plan.head().id(), plan.head().recipients())) {
      Copied copied = copied(facts, programs, writer);
      catalogue(copied, files, writer);
      plan.head().sameKeys(keys);
      writer.text(
          SetNames.RESTORE,
          PostgresRestoreText.of(
              plan.head(), copied.instant(), facts, copied.dump(), files != null));
      steps.at("verifying", "what was stored");
      ObjectNode manifest = plan.head().manifest(lineage, copied.instant(), keys);
      describe(manifest, copied, facts, programs, writer);
      if (files != null) {
        files.describe(manifest);
      }
      ManifestHead.warn(manifest, Suspicion.of(target.store(), rows, bytes, warnings), warnings);
      writer.complete(manifest);
      return manifest;
    }
  }

  /** What is known of the snapshot once it is given up. */
  private record Copied(
      Instant instant, String dump, List<ObjectNode> tables, List<String> owners) {}

  /** Everything that needs the locks; nobody waits for the target to be read back. */
  private Copied copied(ServerFacts facts, ClientPrograms programs, SetWriter writer)
      throws Exception {
    try (LockedSnapshot snapshot = LockedSnapshot.take(plan.source())) {
      Failpoint.at("pinned");
      SetObject dump = dump(programs, snapshot, writer);
      List<ObjectNode> tables = tables(snapshot);
      writer.add(ROLES, out -> ServerRoles.write(snapshot.connection(), facts.major(), out));
      return new Copied(snapshot.instant(), dump.name(), tables, owners(snapshot.connection()));
    }
  }

  private SetObject dump(ClientPrograms programs, LockedSnapshot snapshot, SetWriter writer)
      throws Exception {
    List<String> command =
        programs.command(
            "pg_dump",
            "--format=custom",
            "--snapshot=" + snapshot.name(),
            // We have locks on the tables, so it waits only where an ALTER waits for us.
            "--lock-wait-timeout=5000",
            "--no-password");
    Digests digests = new Digests();
    // The exit code is known before the object is committed: half of a dump never gets its name.
    return writer.addCompressed(
        DUMP,
        out -> {
          try (Pipe pipe = Pipe.start(command, plan.source())) {
            pipe.input().close();
            try (InputStream in = digests.reading(pipe.output())) {
              in.transferTo(out);
            }
            Failpoint.at("dumped");
            pipe.succeed("dump-failed");
            bytes = digests.bytes();
            if (bytes == 0) {
              throw BackupException.failed("dump-failed", "pg_dump said nothing");
            }
          }
        });
  }

  private List<ObjectNode> tables(LockedSnapshot snapshot) throws SQLException {
    List<ObjectNode> tables = new ArrayList<>();
    for (LockedSnapshot.Table table : snapshot.tables()) {
      long count = snapshot.rows(table);
      rows += count;
      tables.add(
          CatalogueLine.of(CatalogueLine.TABLE)
              .put("schema", table.schema())
              .put("name", table.name())
              .put("rows", count));
    }
    return tables;
  }

  /** After the locks are given back: nobody waits while files are read. */
  private void catalogue(Copied copied, @Nullable VolumeFiles files, SetWriter writer)
      throws Exception {
    try (ObjectOutput catalogue = writer.open(SetNames.CATALOGUE)) {
      for (ObjectNode table : copied.tables()) {
        CatalogueLine.write(catalogue, table);
      }
      ObjectNode end = CatalogueLine.of(CatalogueLine.END).put("tables", copied.tables().size());
      if (files != null) {
        steps.at("storing", "files of " + files.directory());
        files.write(writer, catalogue, warnings);
        bytes += files.bytes();
        end.put("files", files.files());
      }
      CatalogueLine.write(catalogue, end);
      writer.finish(catalogue);
    }
  }

  private void describe(
      ObjectNode manifest,
      Copied copied,
      ServerFacts facts,
      ClientPrograms programs,
      SetWriter writer) {
    manifest.withObject("/tools").put("pgDump", programs.major());
    manifest
        .putObject("server")
        .put("major", facts.major())
        .put("version", facts.version())
        .put("database", plan.source().database())
        .put("system", facts.system());
    copied.owners().forEach(manifest.putArray("owners")::add);
    manifest
        .putObject("totals")
        .put("databases", 1)
        .put("tables", copied.tables().size())
        .put("rows", rows)
        .put("bytes", bytes)
        .put("storedBytes", writer.bytes());
    if (copied.tables().isEmpty()) {
      warnings.add("no-tables", plan.source().database() + " has no tables");
    }
  }

  /** Roles that the dump names as owners. */
  private static List<String> owners(Connection connection) throws SQLException {
    List<String> all = new ArrayList<>();
    Sql.each(connection, ServerFacts.OWNERS, row -> all.add(row.getString(1)));
    return all;
  }
}
