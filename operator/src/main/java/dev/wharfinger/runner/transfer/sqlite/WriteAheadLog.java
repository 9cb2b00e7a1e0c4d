package dev.wharfinger.runner.transfer.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The log beside a database. SQLite reads it up to the first frame that is not as it was written,
 * and takes what is behind for the rest of a crash. Where commits are behind it, rows that were
 * there are passed over without a word.
 *
 * <p>After a crash SQLite writes on where the sound part ended, so what is behind may also be left
 * from before. Frames alone do not tell; those who used the log last knew where it ends, and where
 * their index of it is still there it decides whether an application has gone on without them.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html#the_write_ahead_log">The format</a>
 */
public final class WriteAheadLog {
  private static final int HEADER = 32;
  private static final int FRAME = 24;
  private static final int LITTLE = 0x377f0682;
  private static final int BIG = 0x377f0683;
  private static final int LARGEST_PAGE = 65536;

  /**
   * A frame that SQLite cannot read, with commits behind it.
   *
   * @param frame its number, from 1 on; 0 is the log's header
   * @param passed whether whoever used the log last has passed over what is behind
   */
  public record Broken(long frame, boolean passed) {}

  private final FileChannel channel;
  private ByteOrder order = ByteOrder.BIG_ENDIAN;
  private int one;
  private int two;

  private final Optional<LogIndex> index;

  private WriteAheadLog(FileChannel channel, Optional<LogIndex> index) {
    this.channel = channel;
    this.index = index;
  }

  /**
   * Looks for commits behind a frame that SQLite cannot read. To be asked before SQLite has opened
   * the file in this process.
   *
   * @param database the database file
   * @return empty where there are none
   */
  public static Optional<Broken> brokenFrame(Path database) throws IOException {
    Path log = Path.of(database + "-wal");
    if (!Files.exists(log)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(log)) {
      Optional<Broken> first = broken(channel, database);
      // Somebody may be writing: what was not there yet when it was passed is there now.
      return first.isPresent() && first.equals(broken(channel, database))
          ? first
          : Optional.empty();
    }
  }

  private static Optional<Broken> broken(FileChannel channel, Path database) throws IOException {
    return new WriteAheadLog(channel, LogIndex.read(database)).broken();
  }

  private Optional<Broken> broken() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (!read(header, 0)) {
      return Optional.empty();
    }
    int page = header.getInt(8);
    boolean sound =
        (header.getInt(0) == LITTLE || header.getInt(0) == BIG)
            && page >= 512
            && page <= LARGEST_PAGE;
    order = header.getInt(0) == LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    sum(header, 0, 24);
    sound &= one == header.getInt(24) && two == header.getInt(28);
    return sound ? frames(header, page) : begun(header);
  }

  /** Whether frames were written behind a header that is broken now. */
  private Optional<Broken> begun(ByteBuffer header) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(FRAME);
    // Either of them may be what is broken.
    return read(first, HEADER)
            // A log of zeros, of a crash before its data came to the disk, has no page of that
            // number.
            && first.getInt(0) != 0
            && (first.getInt(8) == header.getInt(16) || first.getInt(12) == header.getInt(20))
        ? Optional.of(new Broken(0, false))
        : Optional.empty();
  }

  private Optional<Broken> frames(ByteBuffer header, int page) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FRAME + page);
    long broken = 0;
    long number = 1;
    LogIndex end = new LogIndex(0, sum(), header.getLong(16));
    for (long at = HEADER; read(frame, at); at += FRAME + page, number++) {
      boolean same = frame.getInt(8) == header.getInt(16) && frame.getInt(12) == header.getInt(20);
      if (broken > 0) {
        if (same && frame.getInt(4) != 0) {
          return Optional.of(new Broken(broken, index.filter(end::equals).isPresent()));
        }
        continue;
      }
      sum(frame, 0, 8);
      sum(frame, FRAME, FRAME + page);
      if (!same || one != frame.getInt(16) || two != frame.getInt(20)) {
        broken = number;
      } else if (frame.getInt(4) != 0) {
        // What was not committed is not in the index.
        end = new LogIndex(number, sum(), header.getLong(16));
      }
    }
    return Optional.empty();
  }

  private long sum() {
    return (long) one << 32 | Integer.toUnsignedLong(two);
  }

  private void sum(ByteBuffer data, int from, int to) {
    data.order(order);
    for (int i = from; i < to; i += 8) {
      one += data.getInt(i) + two;
      two += data.getInt(i + 4) + one;
    }
    data.order(ByteOrder.BIG_ENDIAN);
  }

  private boolean read(ByteBuffer into, long from) throws IOException {
    into.clear();
    long at = from;
    while (into.hasRemaining()) {
      int count = channel.read(into, at);
      if (count < 0) {
        return false;
      }
      at += count;
    }
    return true;
  }
}
