package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.CatalogueLine;
import dev.wharfinger.runner.backup.Digests;
import dev.wharfinger.runner.backup.ObjectOutput;
import dev.wharfinger.runner.backup.SetNames;
import dev.wharfinger.runner.backup.SetObject;
import dev.wharfinger.runner.backup.SetWriter;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.KeyFingerprint;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Writes the objects of a set: databases, side files, catalogue and the text for people. */
final class SqliteSet {
  static final String FILES = "files.tar.gz";

  private final BackupPlan plan;
  private final SetWriter writer;
  private final Warnings warnings;
  private final List<ObjectNode> databases = new ArrayList<>();
  private long rows;
  private long tables;
  private long bytes;
  private long files;
  private boolean quiesced = true;

  SqliteSet(BackupPlan plan, SetWriter writer, Warnings warnings) {
    this.plan = plan;
    this.writer = writer;
    this.warnings = warnings;
  }

  void write(
      List<Declared> declared,
      Copies copies,
      SideFiles side,
      TreeMap<String, String> before,
      List<KeyFingerprint> keys)
      throws Exception {
    RestoreText text =
        new RestoreText(
            plan.id(),
            plan.instance(),
            copies.instant().toString(),
            !plan.recipients().none(),
            keys.stream().map(KeyFingerprint::name).toList());
    try (ObjectOutput catalogue = writer.open(SetNames.CATALOGUE)) {
      for (int i = 0; i < declared.size(); i++) {
        database(declared.get(i), copies.files().get(i), i + 1, catalogue, text);
      }
      if (!plan.extraPaths().isEmpty()) {
        files(side, before, catalogue, text);
      }
      CatalogueLine.write(
          catalogue,
          CatalogueLine.of(CatalogueLine.END)
              .put("databases", declared.size())
              .put("tables", tables)
              .put("files", files));
      writer.finish(catalogue);
    }
    writer.text(SetNames.RESTORE, text.toString());
  }

  private void database(
      Declared declared, Path copy, int number, ObjectOutput catalogue, RestoreText text)
      throws Exception {
    CopyCheck check = CopyCheck.of(declared.name(), copy);
    FileFacts facts = FileFacts.of(declared.file());
    Digests digests = new Digests();
    SetObject object =
        writer.add(
            "database-" + number + ".db.gz",
            out -> {
              try (InputStream in = digests.reading(Files.newInputStream(copy))) {
                in.transferTo(out);
              }
            });
    ObjectNode line = CatalogueLine.of(CatalogueLine.DATABASE).put("name", declared.name());
    line.put("object", object.name()).put("bytes", digests.bytes()).put("sha256", digests.hex());
    facts.describe(line);
    Path above = Path.of(declared.name()).getParent();
    var folders = line.putArray("folders");
    while (above != null) {
      ObjectNode folder = folders.addObject().put("path", above.toString());
      FileFacts.of(plan.directory().resolve(above)).describe(folder);
      above = above.getParent();
    }
    line.put("journalMode", check.walMode() ? "wal" : "delete").put("pageSize", check.pageSize());
    line.put("encoding", check.encoding()).put("userVersion", check.userVersion());
    line.put("applicationId", check.applicationId());
    CatalogueLine.write(catalogue, line);
    for (CopyCheck.Table table : check.tables()) {
      CatalogueLine.write(
          catalogue,
          CatalogueLine.of(CatalogueLine.TABLE)
              .put("name", table.name())
              .put("rows", table.rows()));
    }
    text.database(declared.name(), object.name(), facts.mode(), check.unchecked().isEmpty());
    tell(declared, check);
    databases.add(
        line.objectNode()
            .put("name", declared.name())
            .put("object", object.name())
            .put("bytes", digests.bytes())
            .put("tables", check.tables().size())
            .put("rows", check.rows()));
    tables += check.tables().size();
    rows += check.rows();
    bytes += digests.bytes();
  }

  private void tell(Declared declared, CopyCheck check) {
    if (check.tables().isEmpty()) {
      warnings.add("no-tables", declared.name() + " has no tables");
    }
    warnings.names(
        "not-checked",
        declared.name() + " needs functions or collations of the application to be checked whole",
        check.unchecked());
    warnings.names(
        "rows-break-rules",
        declared.name() + " has rows that break their own rules, and is restored with them",
        check.breaking());
  }

  private void files(
      SideFiles side, TreeMap<String, String> before, ObjectOutput catalogue, RestoreText text)
      throws Exception {
    SideArchive archive = new SideArchive(side, before);
    SetObject object = writer.add(FILES, out -> archive.write(out, catalogue));
    text.files(object.name());
    files = archive.files();
    bytes += archive.bytes();
    quiesced = archive.changed().isEmpty();
    warnings.names("not-quiesced", "changed while the databases were copied", archive.changed());
    warnings.names("not-a-file", "left out, being no file of the application", side.passedOver());
  }

  void describe(ObjectNode manifest) {
    manifest
        .putObject("totals")
        .put("databases", databases.size())
        .put("tables", tables)
        .put("rows", rows)
        .put("files", files)
        .put("bytes", bytes)
        .put("storedBytes", writer.bytes());
    manifest.put("quiesced", quiesced);
    databases.forEach(manifest.putArray("databases")::add);
  }

  long rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }
}
