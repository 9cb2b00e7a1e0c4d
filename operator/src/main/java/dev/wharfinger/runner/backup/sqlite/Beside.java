package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.RestoreRecord;
import dev.wharfinger.runner.backup.Staging;
import dev.wharfinger.runner.backup.StoredSet;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two folders of one restore in a directory that is in use: one has what is to take the place of
 * the data, whole once its record is there; the other what stood there before, whole once its
 * record is there.
 *
 * @param directory what the data lie in
 * @param task what the restore is called by whoever asked for it
 */
public record Beside(Path directory, String task) {
  private static final String NEW = ".wharfinger-new-";
  private static final String REPLACED = ".wharfinger-replaced-";
  private static final Pattern TASK = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern OURS =
      Pattern.compile("\\.wharfinger-(new|replaced)-[a-z0-9][a-z0-9-]{0,62}");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Whether a word can be a part of a folder's name. */
  public static boolean valid(String task) {
    return TASK.matcher(task).matches();
  }

  /** Whether it is such a folder: no set has them. */
  static boolean ours(Path path) {
    return OURS.matcher(String.valueOf(path.getFileName())).matches()
        && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** The folder with what is to be placed. */
  Path fresh() {
    return directory.resolve(NEW + task);
  }

  /** What is to be placed, by the names that it will have. */
  Path files() {
    return fresh().resolve("files");
  }

  /** The folder with what stood there before, by the names that it had. */
  public Path kept() {
    return directory.resolve(REPLACED + task);
  }

  /** What was restored and has its place, or null. */
  public @Nullable RestoreRecord placed() throws IOException, BackupException {
    return RestoreRecord.in(kept());
  }

  /** What is staged as a whole and checked, or null. */
  public @Nullable RestoreRecord staged() throws IOException, BackupException {
    return RestoreRecord.in(fresh());
  }

  /**
   * Begins anew. What others staged and nobody has begun to place goes: it would fill the volume.
   *
   * @throws BackupException {@code restore-unfinished} where another restore is half done
   */
  void begin() throws IOException, BackupException {
    if (!Files.isDirectory(directory)) {
      throw BackupException.refused("directory-missing", directory + " is not there");
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, NEW + "*")) {
      for (Path one : all) {
        String other = String.valueOf(one.getFileName()).substring(NEW.length());
        if (ours(one) && new Beside(directory, other).begun()) {
          throw BackupException.refused(
              "restore-unfinished",
              "restore %s has begun to put its files into %s: let it end first"
                  .formatted(other, directory));
        }
        if (ours(one)) {
          Staging.delete(one);
        }
      }
    }
    Files.createDirectory(
        fresh(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createDirectory(files());
  }

  /** Removes what could not be staged as a whole. */
  void drop(Exception cause) {
    try {
      Staging.delete(fresh());
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Whether something of it may have its place already, and not all. */
  private boolean begun() throws IOException, BackupException {
    return Files.isDirectory(kept(), LinkOption.NOFOLLOW_LINKS) && placed() == null;
  }

  /** Says that all of it is there and was checked. */
  void ready(StoredSet set, StagedFiles staged) throws IOException, BackupException {
    ObjectNode contents = MAPPER.createObjectNode();
    set.manifest()
        .path("databases")
        .forEach(one -> contents.withArray("databases").add(one.path("name").asText()));
    staged.describeFolders(contents.withArray("folders"));
    Swap swap = new Swap(this, List.of());
    contents.put("files", swap.files().size());
    write(fresh().resolve("contents"), MAPPER.writeValueAsBytes(contents));
    swap.check();
    write(fresh().resolve(RestoreRecord.FILE), RestoreRecord.of(task, set).text());
    Staging.sync(fresh());
    Staging.sync(directory);
  }

  /** Names of the databases that are staged, facts of the folders, and how many files there are. */
  JsonNode contents() throws IOException {
    return MAPPER.readTree(Files.readAllBytes(fresh().resolve("contents")));
  }

  /** Says that all of it has its place; what was staged goes. */
  void done(RestoreRecord record) throws IOException {
    Path half = kept().resolve("record-half");
    Files.deleteIfExists(half);
    write(half, record.text());
    Files.move(half, kept().resolve(RestoreRecord.FILE));
    Staging.sync(kept());
    Staging.sync(directory);
  }

  private static void write(Path file, byte[] text) throws IOException {
    Files.write(file, text, StandardOpenOption.CREATE_NEW);
    Staging.sync(file);
  }
}
