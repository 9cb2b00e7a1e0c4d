package dev.wharfinger.runner.transfer;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Sends while the next rows are read. What is on its way is bounded: a few pieces of a fixed size,
 * and none while something larger is sent.
 */
final class CopySender implements AutoCloseable {
  private static final int PIECES = 4;

  /** More than a pump gathers before it sends, unless a row is very long. */
  private static final int SIZE = 1 << 17;

  private static final int WORTH_A_THREAD = 1 << 16;

  private record Piece(byte[] data, int length) {}

  private static final Piece END = new Piece(new byte[0], 0);

  private final CopyIn copy;
  private final BlockingQueue<Piece> ahead = new ArrayBlockingQueue<>(PIECES + 1);
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(PIECES);
  private @Nullable Aside<Boolean> sender;
  private volatile boolean failed;

  CopySender(CopyIn copy) {
    this.copy = copy;
  }

  /** Sends a copy of the data, now or soon; throws what went wrong with those before. */
  void write(byte[] data, int length) throws Exception {
    if (failed) {
      finish();
    }
    if (length > SIZE) {
      finish();
      copy.writeToCopy(data, 0, length);
    } else if (sender == null && length < WORTH_A_THREAD) {
      copy.writeToCopy(data, 0, length);
    } else {
      begin();
      byte[] piece = free.take();
      System.arraycopy(data, 0, piece, 0, length);
      ahead.put(new Piece(piece, length));
    }
  }

  private void begin() throws InterruptedException {
    if (sender != null) {
      return;
    }
    while (free.remainingCapacity() > 0) {
      free.put(new byte[SIZE]);
    }
    sender = new Aside<>("send", this::send, () -> {});
  }

  /** Goes on taking after an error, so that nobody waits for room. */
  private boolean send() throws Exception {
    Exception error = null;
    for (Piece piece = ahead.take(); piece != END; piece = ahead.take()) {
      try {
        if (error == null) {
          copy.writeToCopy(piece.data(), 0, piece.length());
        }
      } catch (Exception | Error e) {
        error = e instanceof Exception exception ? exception : new SQLException(e);
        failed = true;
      }
      free.put(piece.data());
    }
    if (error != null) {
      throw error;
    }
    return true;
  }

  /** Waits until all is sent. */
  void finish() throws Exception {
    Aside<Boolean> last = sender;
    if (last != null) {
      sender = null;
      ahead.put(END);
      last.get();
    }
  }

  @Override
  public void close() throws InterruptedException {
    Aside<Boolean> last = sender;
    if (last != null) {
      sender = null;
      ahead.put(END);
      last.close();
    }
  }
}
