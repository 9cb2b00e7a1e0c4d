package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.CatalogueLine;
import dev.wharfinger.runner.backup.ObjectInput;
import dev.wharfinger.runner.backup.RestoreRecord;
import dev.wharfinger.runner.backup.SetNames;
import dev.wharfinger.runner.backup.Staging;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Restores the files of a set whose data go elsewhere into an empty directory. */
public final class VolumeFilesRestore {
  private final StoredSet set;
  private final Identities identities;
  private final Steps steps;
  private final Warnings warnings;

  /** A restore that was not begun. */
  public VolumeFilesRestore(StoredSet set, Identities identities, Steps steps, Warnings warnings) {
    this.set = set;
    this.identities = identities;
    this.steps = steps;
    this.warnings = warnings;
  }

  /** Whether a set has data that go elsewhere, and files beside them. */
  public static boolean in(StoredSet set) {
    return !set.manifest().path("engine").asText().equals(SqliteBackup.ENGINE)
        && set.manifest().path("totals").path("files").asLong() > 0;
  }

  /**
   * Refuses a set that has any, where nobody said what becomes of them.
   *
   * @throws BackupException {@code files-need-a-place}
   */
  public static void refuse(StoredSet set) throws BackupException {
    if (in(set)) {
      throw BackupException.refused(
          "files-need-a-place",
          "set %s has %d files of a volume too, which its data may need; say with --files into which empty directory they are restored, or --no-files"
              .formatted(set.id(), set.manifest().path("totals").path("files").asLong()));
    }
  }

  /**
   * Restores them, and gives them their names when every one was compared.
   *
   * @param task what it is called each time it is told, where it is told again until it is done;
   *     what it has placed before is not placed again
   * @throws BackupException where nothing was placed
   */
  public void run(Path directory, @Nullable String task) throws Exception {
    if (task != null && placed(directory, task)) {
      Staging.clean(directory);
      return;
    }
    try (Staging staging = Staging.enter(directory, task != null)) {
      StagedFiles files = stage(staging, directory);
      files.place(staging, directory, task, warnings);
    }
    Staging.sync(directory);
  }

  private boolean placed(Path directory, String task) throws IOException, BackupException {
    RestoreRecord record = Files.isDirectory(directory) ? RestoreRecord.in(directory) : null;
    if (record == null) {
      return false;
    }
    record.is(task, set.id(), directory);
    return true;
  }

  /**
   * Restores them for trying and removes all of them again.
   *
   * @param scratch where there is room for them
   * @throws BackupException where one cannot be restored
   */
  public void rehearse(Path scratch) throws IOException, BackupException {
    Path place = Files.createTempDirectory(scratch, ".wharfinger-files-");
    try (Staging staging = Staging.enter(place)) {
      stage(staging, place);
    } finally {
      Files.deleteIfExists(place);
    }
  }

  private StagedFiles stage(Staging staging, Path directory) throws IOException, BackupException {
    long bytes = set.manifest().path("totals").path("fileBytes").asLong();
    long room = SnapshotDirectory.usable(directory);
    if (room < bytes) {
      throw BackupException.refused(
          "no-room",
          "the files of the set take %d bytes, and %s has %d"
              .formatted(bytes, directory, Math.max(0, room)));
    }
    steps.at("restoring", "the files of " + set.id());
    String name = SetNames.CATALOGUE + (set.recipients().isEmpty() ? "" : ".age");
    try (ObjectInput in = set.read(name, identities);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        StagedFiles files = new StagedFiles(set, identities, staging.files())) {
      long count = 0;
      JsonNode line = next(lines);
      while (!is(line, CatalogueLine.END)) {
        if (is(line, CatalogueLine.FOLDER)) {
          files.folder(line);
          count++;
        } else if (is(line, CatalogueLine.FILE)) {
          files.file(line);
          count++;
        }
        line = next(lines);
      }
      if (line.path("files").asLong() != count || lines.readLine() != null) {
        throw StagedFiles.damaged("the catalogue is not whole");
      }
      in.finish();
      files.end();
      return files;
    }
  }

  private static JsonNode next(BufferedReader lines) throws IOException, BackupException {
    String text = lines.readLine();
    if (text == null) {
      throw StagedFiles.damaged("the catalogue ends too early");
    }
    return CatalogueLine.read(text);
  }

  private static boolean is(JsonNode line, String kind) {
    return line.path("kind").asText().equals(kind);
  }
}
