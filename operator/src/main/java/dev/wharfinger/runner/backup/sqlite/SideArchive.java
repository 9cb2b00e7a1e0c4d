package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.CatalogueLine;
import dev.wharfinger.runner.backup.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes side files as a tar archive, each with its hash in the catalogue, in the same order. */
final class SideArchive {
  private static final int BUFFER = 1 << 16;
  private final SideFiles side;
  private final TreeMap<String, String> before;
  private final TreeSet<String> changed = new TreeSet<>();
  private final List<String> gone = new ArrayList<>();
  private long files;
  private long bytes;

  /**
   * An archive of side files.
   *
   * @param before their hashes from before the databases were pinned
   */
  SideArchive(SideFiles side, TreeMap<String, String> before) {
    this.side = side;
    this.before = before;
  }

  /**
   * Writes all of it.
   *
   * @throws BackupException {@code side-file-changed}, where a file shrinks while it is read
   */
  void write(OutputStream archive, OutputStream catalogue) throws IOException, BackupException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(archive, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    TreeMap<String, String> now = new TreeMap<>();
    for (SideFiles.Entry entry : side.walk()) {
      try {
        now.put(
            entry.path(),
            entry.folder() ? folder(entry, tar, catalogue) : file(entry, tar, catalogue));
      } catch (NoSuchFileException e) {
        // Deleted since the folder was read.
        gone.add(entry.path());
      }
    }
    tar.finish();
    tar.flush();
    changed.addAll(gone);
    before.forEach((path, hash) -> {
      if (!hash.equals(now.get(path))) {
        changed.add(path);
      }
    });
    now.keySet().stream().filter(path -> !before.containsKey(path)).forEach(changed::add);
  }

  private String folder(SideFiles.Entry entry, TarArchiveOutputStream tar, OutputStream catalogue)
      throws IOException {
    FileFacts facts = FileFacts.of(entry.file());
    TarArchiveEntry header = new TarArchiveEntry(entry.path() + "/");
    begin(header, facts, entry, tar);
    tar.closeArchiveEntry();
    ObjectNode line = CatalogueLine.of(CatalogueLine.FOLDER).put("path", entry.path());
    facts.describe(line);
    CatalogueLine.write(catalogue, line);
    files++;
    return "";
  }

  private String file(SideFiles.Entry entry, TarArchiveOutputStream tar, OutputStream catalogue)
      throws IOException, BackupException {
    Digests digests = new Digests();
    FileFacts facts = FileFacts.of(entry.file());
    try (FileChannel channel =
            FileChannel.open(entry.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        InputStream in = digests.reading(Channels.newInputStream(channel))) {
      long size = channel.size();
      TarArchiveEntry header = new TarArchiveEntry(entry.path());
      header.setSize(size);
      begin(header, facts, entry, tar);
      byte[] buffer = new byte[BUFFER];
      long left = size;
      while (left > 0) {
        int count = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
        if (count == 0) {
          throw BackupException.failed(
              "side-file-changed", entry.path() + " became shorter while it was read");
        }
        tar.write(buffer, 0, count);
        left -= count;
      }
      tar.closeArchiveEntry();
      String hash = digests.hex();
      ObjectNode line =
          CatalogueLine.of(CatalogueLine.FILE)
              .put("path", entry.path())
              .put("bytes", size)
              .put("sha256", hash);
      facts.describe(line);
      CatalogueLine.write(catalogue, line);
      files++;
      bytes += size;
      return hash;
    }
  }

  private static void begin(
      TarArchiveEntry header, FileFacts facts, SideFiles.Entry entry, TarArchiveOutputStream tar)
      throws IOException {
    header.setMode(facts.mode());
    header.setIds(facts.uid(), facts.gid());
    header.setLastModifiedTime(Objects.requireNonNull(Files.getLastModifiedTime(entry.file())));
    tar.putArchiveEntry(header);
  }

  /** Paths whose content is another than before the databases were pinned. */
  List<String> changed() {
    return List.copyOf(changed);
  }

  /** Files and folders written. */
  long files() {
    return files;
  }

  /** Bytes of all files. */
  long bytes() {
    return bytes;
  }
}
