package dev.wharfinger.runner.transfer.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a database file says of its own size. To be read before SQLite has opened the file in this
 * process: closing it beside SQLite would drop SQLite's locks.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html#the_database_header">The format</a>
 */
public final class FileHeader {
  private static final int LENGTH = 100;
  private static final String MAGIC = "SQLite format 3\0";

  private FileHeader() {}

  /**
   * Whether the last page is cut off: SQLite reads zeros there, which may pass for values. A page
   * that is in the log as well is read from there, and one that is in a journal is mended by it, so
   * nothing is said where there is one. What is behind the last page is nothing to SQLite.
   */
  public static boolean endsWithinAPage(Path file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(LENGTH);
    try (InputStream in = Files.newInputStream(file)) {
      header.put(in.readNBytes(LENGTH));
    }
    String magic = new String(header.array(), 0, MAGIC.length(), StandardCharsets.ISO_8859_1);
    int page = header.getShort(16) == 1 ? 65536 : header.getShort(16) & 0xffff;
    if (!magic.equals(MAGIC) || page < 512) {
      return false;
    }
    long size = Files.size(file);
    // Writers of before 2010 change the file and not the count.
    boolean counted = header.getInt(28) != 0 && header.getInt(24) == header.getInt(92);
    long pages =
        counted ? Integer.toUnsignedLong(header.getInt(28)) : Math.ceilDiv(size, (long) page);
    Path log = Path.of(file + "-wal");
    return size % page != 0
        && size < pages * page
        && (!Files.exists(log) || Files.size(log) == 0)
        && !hot(Path.of(file + "-journal"));
  }

  /** Whether a journal is not done with; one that is kept afterwards begins with zeros. */
  private static boolean hot(Path journal) throws IOException {
    if (!Files.exists(journal)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(journal)) {
      return in.read() > 0;
    }
  }
}
