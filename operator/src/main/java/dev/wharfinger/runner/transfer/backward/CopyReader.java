package dev.wharfinger.runner.transfer.backward;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads rows by COPY BINARY; one of them at a time is in memory. */
final class CopyReader {
  /** Signature, flags, and the length of an extension that is never there. */
  private static final int HEADER = 19;

  /** What is done with one row. */
  interface RowHandler {
    /**
     * Called once a row.
     *
     * @param data holds the row
     * @param starts where each field begins in it
     * @param lengths length of each field, -1 for NULL
     */
    void row(byte[] data, int[] starts, int[] lengths) throws Exception;
  }

  private final int[] starts;
  private final int[] lengths;
  private final RowHandler handler;

  private CopyReader(int fields, RowHandler handler) {
    this.starts = new int[fields];
    this.lengths = new int[fields];
    this.handler = handler;
  }

  /** Walks through all rows of a query. */
  static void forEach(Connection connection, String select, int fields, RowHandler handler)
      throws Exception {
    CopyReader reader = new CopyReader(fields, handler);
    CopyOut copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)");
    try {
      reader.read(copy);
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
      // Collected, the connection is closed, in the midst of the rows.
      Reference.reachabilityFence(connection);
    }
  }

  private void read(CopyOut copy) throws Exception {
    byte[] rest = {};
    boolean header = true;
    for (byte[] data = copy.readFromCopy(); data != null; data = copy.readFromCopy()) {
      byte[] all = data;
      if (rest.length > 0) {
        all = Arrays.copyOf(rest, rest.length + data.length);
        System.arraycopy(data, 0, all, rest.length, data.length);
      }
      int at = 0;
      if (header && all.length >= HEADER) {
        at = HEADER;
        header = false;
      }
      if (!header) {
        at = rows(all, at);
      }
      rest = at == all.length ? new byte[0] : Arrays.copyOfRange(all, at, all.length);
    }
    if (header || rest.length > 0) {
      throw new SQLException("the server's rows end within a row");
    }
  }

  private int rows(byte[] data, int from) throws Exception {
    ByteBuffer buffer = ByteBuffer.wrap(data);
    int at = from;
    while (at + 2 <= data.length) {
      int count = buffer.getShort(at);
      if (count == -1) {
        return data.length;
      }
      if (count != starts.length) {
        throw new SQLException("the server sent " + count + " fields instead of " + starts.length);
      }
      int end = at + 2;
      for (int i = 0; i < count; i++) {
        if (end + 4 > data.length) {
          return at;
        }
        lengths[i] = buffer.getInt(end);
        starts[i] = end + 4;
        end += 4 + Math.max(0, lengths[i]);
        if (end > data.length || end < 0) {
          return at;
        }
      }
      handler.row(data, starts, lengths);
      at = end;
    }
    return at;
  }
}
