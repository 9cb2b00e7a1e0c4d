package dev.wharfinger.runner.transfer.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What those who used a write-ahead log last knew of it: the {@code -shm} file that is left when
 * they are killed. To be read before SQLite has opened the file in this process: closing it beside
 * SQLite would drop SQLite's locks, and SQLite makes it anew.
 *
 * @param last number of the last frame that belongs to the database
 * @param sum of all frames up to there
 * @param salt of the log that this is about
 * @see <a href="https://www.sqlite.org/walformat.html#the_wal_index_header">The format</a>
 */
record LogIndex(long last, long sum, long salt) {
  private static final int LENGTH = 48;
  private static final int SUMMED = 40;
  private static final int VERSION = 3007000;

  /** Empty where there is none, or it was being written when its writer was killed. */
  static Optional<LogIndex> read(Path database) throws IOException {
    Path file = Path.of(database + "-shm");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] both;
    try (InputStream in = Files.newInputStream(file)) {
      both = in.readNBytes(2 * LENGTH);
    }
    if (both.length < 2 * LENGTH) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.wrap(both, 0, LENGTH).slice();
    boolean same = header.equals(ByteBuffer.wrap(both, LENGTH, LENGTH).slice());
    header.order(ByteOrder.nativeOrder());
    if (!same || header.getInt(0) != VERSION || header.get(12) == 0 || !summed(header)) {
      return Optional.empty();
    }
    long last = Integer.toUnsignedLong(header.getInt(16));
    long sum = (long) header.getInt(24) << 32 | Integer.toUnsignedLong(header.getInt(28));
    // The salt is copied from the log as it is.
    return Optional.of(new LogIndex(last, sum, header.order(ByteOrder.BIG_ENDIAN).getLong(32)));
  }

  private static boolean summed(ByteBuffer header) {
    int one = 0;
    int two = 0;
    for (int i = 0; i < SUMMED; i += 8) {
      one += header.getInt(i) + two;
      two += header.getInt(i + 4) + one;
    }
    return one == header.getInt(40) && two == header.getInt(44);
  }
}
