package dev.wharfinger.runner.transfer;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** COPY BINARY in both directions. Keeps the connection reachable: collected, it is closed. */
final class CopyChannel {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private final Connection connection;

  CopyChannel(Connection connection) {
    this.connection = connection;
  }

  /**
   * Sends all rows of a table.
   *
   * @param into table and columns as SQL
   */
  TupleHash send(TableMapping table, String into, RowPump pump) throws Exception {
    String sql = "COPY " + into + " FROM STDIN (FORMAT binary)";
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      copy.writeToCopy(SIGNATURE, 0, SIGNATURE.length);
      TupleHash hash;
      try (CopySender sender = new CopySender(copy)) {
        hash = pump.copy(table, sender::write);
        sender.finish();
      }
      copy.writeToCopy(new byte[] {-1, -1}, 0, 2);
      long rows = copy.endCopy();
      if (rows != hash.rows()) {
        throw new SQLException("sent " + hash.rows() + " rows, the server took " + rows);
      }
      return hash;
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
      Reference.reachabilityFence(connection);
    }
  }

  /** Reads all rows of a table back and hashes them as they were hashed when sent. */
  TupleHash readBack(TableMapping table, String from, LongConsumer rowDone) throws SQLException {
    String sql =
        "COPY (SELECT " + table.targetColumns() + " FROM " + from + ") TO STDOUT (FORMAT binary)";
    TupleHash hash = new TupleHash(table.jsonb());
    CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
    try {
      byte[] rest = {};
      boolean header = true;
      for (byte[] data = copy.readFromCopy(); data != null; data = copy.readFromCopy()) {
        byte[] all = rest.length == 0 ? data : concat(rest, data);
        int at = 0;
        if (header && all.length >= SIGNATURE.length) {
          at = SIGNATURE.length;
          header = false;
        }
        if (!header) {
          at = tuples(all, at, table.columns.size(), hash, rowDone);
        }
        rest = at == all.length ? new byte[0] : Arrays.copyOfRange(all, at, all.length);
      }
      if (rest.length > 0) {
        throw new SQLException("the server's rows end within a tuple");
      }
      return hash;
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
      Reference.reachabilityFence(connection);
    }
  }

  private static int tuples(
      byte[] data, int from, int columns, TupleHash hash, LongConsumer rowDone)
      throws SQLException {
    ByteBuffer buffer = ByteBuffer.wrap(data);
    int at = from;
    while (at + 2 <= data.length) {
      int count = buffer.getShort(at);
      if (count == -1) {
        return data.length;
      }
      if (count != columns) {
        throw new SQLException("the server sent " + count + " fields instead of " + columns);
      }
      int end = at + 2;
      for (int i = 0; i < count && end >= 0; i++) {
        end = end + 4 > data.length ? -1 : end + 4 + Math.max(0, buffer.getInt(end));
      }
      if (end < 0 || end > data.length) {
        return at;
      }
      hash.add(data, at + 2, end);
      rowDone.accept(1);
      at = end;
    }
    return at;
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }
}
