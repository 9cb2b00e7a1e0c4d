package dev.wharfinger.runner.transfer;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * PostgreSQL's COPY BINARY stream, sent in pieces of about 64 KiB so that memory stays bounded by
 * one row.
 */
final class CopyStream {
  static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int PIECE = 64 * 1024;

  private final CopyIn copy;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(PIECE * 2);
  private final DataOutputStream out = new DataOutputStream(buffer);

  CopyStream(CopyIn copy) throws IOException {
    this.copy = copy;
    out.write(SIGNATURE);
    out.writeInt(0);
    out.writeInt(0);
  }

  void row(byte @Nullable [] @Nullable [] fields) throws IOException, SQLException {
    if (fields == null) {
      throw new IllegalArgumentException("a row with a rejected value is never sent");
    }
    out.writeShort(fields.length);
    for (byte[] field : fields) {
      out.writeInt(field == null ? -1 : field.length);
      if (field != null) {
        out.write(field);
      }
    }
    if (buffer.size() >= PIECE) {
      flush();
    }
  }

  /** Ends the stream; the number of rows the server took. */
  long finish() throws IOException, SQLException {
    out.writeShort(-1);
    flush();
    return copy.endCopy();
  }

  private void flush() throws SQLException {
    byte[] piece = buffer.toByteArray();
    copy.writeToCopy(piece, 0, piece.length);
    buffer.reset();
  }
}
