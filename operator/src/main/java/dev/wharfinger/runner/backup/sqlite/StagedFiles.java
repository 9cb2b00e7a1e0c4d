package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.Digests;
import dev.wharfinger.runner.backup.ObjectInput;
import dev.wharfinger.runner.backup.RestoreRecord;
import dev.wharfinger.runner.backup.Staging;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.Identities;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** Makes the files of a set from its objects, each compared with the catalogue. */
final class StagedFiles implements AutoCloseable {
  private final StoredSet set;
  private final Identities identities;
  private final Path root;
  private final List<String> notOwned = new ArrayList<>();
  private final List<Placed> folders = new ArrayList<>();
  private @Nullable ObjectInput input;
  private @Nullable TarArchiveInputStream archive;

  private record Placed(String path, FileFacts facts) {}

  StagedFiles(StoredSet set, Identities identities, Path root) {
    this.set = set;
    this.identities = identities;
    this.root = root;
  }

  /** Makes a database file. */
  Path database(JsonNode line) throws IOException, BackupException {
    String name = line.path("name").asText();
    Path file = below(name);
    Files.createDirectories(file.resolveSibling(".").normalize());
    try (ObjectInput in = set.read(line.path("object").asText(), identities)) {
      write(in, file, line, name);
      in.finish();
    }
    for (JsonNode folder : line.path("folders")) {
      String path = Declared.relative(folder.path("path").asText()).toString();
      folders.add(new Placed(path, FileFacts.of(folder)));
    }
    return file;
  }

  /** Gives a checked file its owner and mode, and puts it on disk for good. */
  void settle(Path file, JsonNode line, String name) throws IOException {
    // Opened before its mode may keep us from that.
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
      if (!FileFacts.of(line).apply(file)) {
        notOwned.add(name);
      }
      open.force(true);
    }
  }

  /** Makes the next side file, which must be the one of the catalogue. */
  void file(JsonNode line) throws IOException, BackupException {
    String path = line.path("path").asText();
    TarArchiveInputStream tar = archive();
    if (!next(tar).equals(path)) {
      throw damaged(path + " is not where the catalogue says");
    }
    Path file = below(path);
    Files.createDirectories(file.resolveSibling(".").normalize());
    write(tar, file, line, path);
    settle(file, line, path);
  }

  /** Makes the next folder. */
  void folder(JsonNode line) throws IOException, BackupException {
    String path = line.path("path").asText();
    if (!next(archive()).equals(path + "/")) {
      throw damaged(path + " is not where the catalogue says");
    }
    Files.createDirectories(below(path));
    folders.add(new Placed(path, FileFacts.of(line)));
  }

  private static String next(TarArchiveInputStream tar) throws IOException {
    TarArchiveEntry entry = tar.getNextEntry();
    return entry == null ? "" : entry.getName();
  }

  private TarArchiveInputStream archive() throws IOException, BackupException {
    TarArchiveInputStream open = archive;
    if (open == null) {
      ObjectInput in =
          set.read(SqliteSet.FILES + (set.recipients().isEmpty() ? "" : ".age"), identities);
      input = in;
      open = new TarArchiveInputStream(in, "UTF-8");
      archive = open;
    }
    return open;
  }

  private Path below(String path) throws BackupException {
    return root.resolve(Declared.relative(path));
  }

  private static void write(InputStream in, Path file, JsonNode line, String name)
      throws IOException, BackupException {
    Digests digests = new Digests();
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      digests.reading(in).transferTo(out);
    }
    if (digests.bytes() != line.path("bytes").asLong()
        || !digests.hex().equals(line.path("sha256").asText())) {
      throw damaged(name + " is not what the catalogue says");
    }
  }

  static BackupException damaged(String what) {
    return BackupException.refused("set-damaged", what);
  }

  /** Ends the archive, in which nothing may be left. */
  void end() throws IOException, BackupException {
    if (archive != null && !next(archive).isEmpty()) {
      throw damaged("there are more files than the catalogue says");
    }
    if (input != null) {
      input.finish();
    }
  }

  /**
   * From the innermost on, gives the folders their owners and modes, which may keep even us from
   * writing into them.
   */
  private void settleFolders(Path placed) throws IOException {
    folders.sort(Comparator.comparing(Placed::path).reversed());
    for (Placed folder : folders) {
      Path path = placed.resolve(folder.path());
      try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
        if (!folder.facts().apply(path)) {
          notOwned.add(folder.path());
        }
        open.force(true);
      }
    }
  }

  /**
   * Gives all of them their names in {@code directory}.
   *
   * @param task what the restore is called each time it is told, where it is told again until it is
   *     done; that it is done is then written down there
   */
  void place(Staging staging, Path directory, @Nullable String task, Warnings warnings)
      throws IOException {
    if (task != null) {
      staging.place(() -> settleFolders(directory), RestoreRecord.of(task, set));
    } else {
      staging.place(() -> settleFolders(directory));
    }
    tellNotOwned(warnings);
  }

  /** Tells whoever places them later of the folders. */
  void describeFolders(ArrayNode into) {
    for (Placed folder : folders) {
      ObjectNode line = into.addObject().put("path", folder.path());
      folder.facts().describe(line);
    }
  }

  /** Says what belongs to somebody else than it did. */
  void tellNotOwned(Warnings warnings) {
    warnings.names(
        "owner-not-kept",
        "belongs to whoever runs this, for only root can give a file away",
        notOwned);
  }

  @Override
  public void close() throws IOException {
    if (input != null) {
      input.close();
    }
  }
}
