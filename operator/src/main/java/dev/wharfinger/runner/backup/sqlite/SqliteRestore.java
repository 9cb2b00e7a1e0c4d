package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.CatalogueLine;
import dev.wharfinger.runner.backup.ObjectInput;
import dev.wharfinger.runner.backup.RequiredKeys;
import dev.wharfinger.runner.backup.SetNames;
import dev.wharfinger.runner.backup.Staging;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.Surroundings;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Restores a set of SQLite databases and the files beside them into an empty directory. */
public final class SqliteRestore {
  private final StoredSet set;
  private final Identities identities;
  private final Steps steps;
  private final Warnings warnings;

  /** A restore that was not begun. */
  public SqliteRestore(StoredSet set, Identities identities, Steps steps, Warnings warnings) {
    this.set = set;
    this.identities = identities;
    this.steps = steps;
    this.warnings = warnings;
  }

  /**
   * Restores, and gives things their names when everything was checked.
   *
   * @param keys what is said of the application's keys
   * @param task what it is called each time it is told, where it is told again until it is done: a
   *     try that was killed is begun anew, and what was restored is written down beside the data
   * @param expected databases that somebody is about to use
   * @throws BackupException where nothing was placed
   */
  public void run(Path directory, RequiredKeys keys, @Nullable String task, List<String> expected)
      throws Exception {
    admit(keys, expected);
    try (Staging staging = Staging.enter(directory, task != null)) {
      StagedFiles files =
          stage(staging.aside("catalogue.jsonl"), staging.files(), directory, task != null);
      steps.at("placing", directory.toString());
      files.place(staging, directory, task, warnings);
    }
    Staging.sync(directory);
  }

  /**
   * Makes everything beside the data that are there, for a {@link Swap}.
   *
   * @param keys what is said of the application's keys
   * @param expected databases that somebody is about to use
   * @throws BackupException where nothing is staged
   */
  public void beside(Beside beside, RequiredKeys keys, List<String> expected) throws Exception {
    try (Closeable held = Staging.hold(beside.directory())) {
      admit(keys, expected);
      beside.begin();
      StagedFiles files;
      try {
        files =
            stage(
                beside.fresh().resolve("catalogue.jsonl"),
                beside.files(),
                beside.directory(),
                true);
        beside.ready(set, files);
      } catch (Exception e) {
        // The application comes back to this volume, and may need the room.
        beside.drop(e);
        throw e;
      }
      files.tellNotOwned(warnings);
    }
  }

  private void admit(RequiredKeys keys, List<String> expected) throws Exception {
    if (!set.manifest().path("engine").asText().equals(SqliteBackup.ENGINE)) {
      throw BackupException.refused("other-engine", "set " + set.id() + " is not of SQLite");
    }
    expect(expected);
    keys.check(set.manifest(), warnings);
    identities.check(set.recipients());
    steps.at("verifying", "what is stored");
    set.sound();
  }

  /**
   * Restores into a directory for trying and removes all of it again.
   *
   * @throws BackupException where the set cannot be restored
   */
  public void rehearse(Path directory) throws Exception {
    identities.check(set.recipients());
    try (Staging staging = Staging.enter(directory)) {
      stage(staging.aside("catalogue.jsonl"), staging.files(), directory, false);
    }
  }

  private void expect(List<String> databases) throws BackupException {
    List<String> there = new ArrayList<>();
    set.manifest().path("databases").forEach(one -> there.add(one.path("name").asText()));
    List<String> missing = databases.stream().filter(name -> !there.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw BackupException.refused(
          "database-not-in-set",
          "set %s has no %s; it has %s"
              .formatted(set.id(), String.join(", ", missing), String.join(", ", there)));
    }
  }

  /**
   * Makes everything where nobody sees it.
   *
   * @param used whether an application is about to use it right there
   */
  private StagedFiles stage(Path catalogue, Path made, Path directory, boolean used)
      throws Exception {
    long bytes = set.manifest().path("totals").path("bytes").asLong();
    long room = SnapshotDirectory.usable(directory);
    if (room < bytes) {
      throw BackupException.refused(
          "no-room",
          "the set takes %d bytes, and %s has %d".formatted(bytes, directory, Math.max(0, room)));
    }
    steps.at("restoring", set.id());
    String name = SetNames.CATALOGUE + (set.recipients().isEmpty() ? "" : ".age");
    try (ObjectInput in = set.read(name, identities);
        var out = Files.newOutputStream(catalogue, StandardOpenOption.CREATE_NEW)) {
      in.transferTo(out);
      in.finish();
    }
    try (BufferedReader lines = Files.newBufferedReader(catalogue);
        StagedFiles files = new StagedFiles(set, identities, made)) {
      follow(lines.lines().iterator(), files, used && Surroundings.onNetwork(directory));
      files.end();
      return files;
    } catch (SQLException e) {
      if (SourceDatabase.damaged(e)) {
        throw StagedFiles.damaged("SQLite cannot read a restored database: " + e.getMessage());
      }
      throw e;
    }
  }

  private static void follow(Iterator<String> lines, StagedFiles files, boolean onNetwork)
      throws IOException, BackupException, SQLException {
    long databases = 0;
    long tables = 0;
    long others = 0;
    JsonNode line = next(lines);
    while (!is(line, CatalogueLine.END)) {
      if (is(line, CatalogueLine.DATABASE)) {
        JsonNode database = line;
        if (onNetwork && database.path("journalMode").asText().equals("wal")) {
          throw BackupException.refused(
              "network-file-system",
              database.path("name").asText()
                  + " is in journal mode WAL, which is not safe on the network file system that it would be restored to");
        }
        Path file = files.database(database);
        TreeMap<String, Long> expected = new TreeMap<>();
        line = next(lines);
        while (is(line, CatalogueLine.TABLE)) {
          expected.put(line.path("name").asText(), line.path("rows").asLong());
          line = next(lines);
        }
        check(database.path("name").asText(), file, expected);
        files.settle(file, database, database.path("name").asText());
        databases++;
        tables += expected.size();
      } else {
        if (is(line, CatalogueLine.FOLDER)) {
          files.folder(line);
        } else if (is(line, CatalogueLine.FILE)) {
          files.file(line);
        } else {
          throw StagedFiles.damaged("the catalogue has a line that is not understood");
        }
        others++;
        line = next(lines);
      }
    }
    if (line.path("databases").asLong() != databases
        || line.path("tables").asLong() != tables
        || line.path("files").asLong() != others
        || lines.hasNext()) {
      throw StagedFiles.damaged("the catalogue is not whole");
    }
  }

  private static JsonNode next(Iterator<String> lines) throws BackupException {
    if (!lines.hasNext()) {
      throw StagedFiles.damaged("the catalogue ends too early");
    }
    return CatalogueLine.read(lines.next());
  }

  private static boolean is(JsonNode line, String kind) {
    return line.path("kind").asText().equals(kind);
  }

  private static void check(String name, Path file, TreeMap<String, Long> expected)
      throws SQLException, IOException, BackupException {
    CopyCheck check = CopyCheck.asItIs(name, file);
    TreeMap<String, Long> found = new TreeMap<>();
    check.tables().forEach(table -> found.put(table.name(), table.rows()));
    if (!found.equals(expected)) {
      throw StagedFiles.damaged("the tables of " + name + " have not the rows they had");
    }
    for (String ending : List.of("-wal", "-shm", "-journal")) {
      if (Files.exists(Path.of(file + ending))) {
        throw BackupException.failed("restore-failed", "SQLite left " + file + ending + " behind");
      }
    }
  }
}
