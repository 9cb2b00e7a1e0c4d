package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.ObjectOutput;
import dev.wharfinger.runner.backup.SetWriter;
import dev.wharfinger.runner.backup.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * Files of a volume that belong to data which are elsewhere, as on a server: a key that values are
 * encrypted with stays where it was when the tables move. Databases of that volume are left out;
 * they are no data any more.
 */
public final class VolumeFiles {
  private final Plan plan;
  private final SideFiles side;
  private final TreeMap<String, String> before;
  private long files;
  private long bytes;
  private boolean quiesced = true;

  /**
   * What of a volume belongs to the set.
   *
   * @param directory the volume
   * @param paths relative to it
   * @param databases that are left out where they are there
   */
  public record Plan(Path directory, List<String> paths, List<String> databases) {

    /** Whether a path of it holds {@code place}, so that it would get into the set itself. */
    public boolean holds(Path place) {
      return paths.stream()
          .anyMatch(path -> place.normalize().startsWith(directory.resolve(path).normalize()));
    }
  }

  private VolumeFiles(Plan plan, SideFiles side, TreeMap<String, String> before) {
    this.plan = plan;
    this.side = side;
    this.before = before;
  }

  /**
   * Looks at them before the data are copied, so that it is known which have changed meanwhile.
   *
   * @throws BackupException where one is not there, or must not be copied
   */
  public static VolumeFiles look(Plan plan) throws IOException, BackupException {
    if (!Files.isDirectory(plan.directory())) {
      throw BackupException.refused(
          "directory-missing", plan.directory() + " is no directory; is the volume mounted?");
    }
    List<String> there =
        plan.databases().stream()
            .filter(name -> Files.isRegularFile(plan.directory().resolve(name)))
            .toList();
    SideFiles side =
        new SideFiles(plan.directory(), plan.paths(), Declared.of(plan.directory(), there));
    return new VolumeFiles(plan, side, side.fingerprints());
  }

  /** Adds them to a set, each with a line in its catalogue. */
  public void write(SetWriter writer, ObjectOutput catalogue, Warnings warnings) throws Exception {
    SideArchive archive = new SideArchive(side, before);
    writer.add(SqliteSet.FILES, out -> archive.write(out, catalogue));
    files = archive.files();
    bytes = archive.bytes();
    quiesced = archive.changed().isEmpty();
    warnings.names("not-quiesced", "changed while the data were copied", archive.changed());
    warnings.names("not-a-file", "left out, being no file of the application", side.passedOver());
  }

  /** Says in a manifest that there are any. */
  public void describe(ObjectNode manifest) {
    manifest.withObject("/totals").put("files", files).put("fileBytes", bytes);
    manifest.put("quiesced", quiesced);
  }

  /** Files and folders written. */
  public long files() {
    return files;
  }

  /** Bytes of all files. */
  public long bytes() {
    return bytes;
  }

  /** Where they lie. */
  public Path directory() {
    return plan.directory();
  }
}
