package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.codec.Cell;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * Reads rows below JDBC: by storage class and as stored bytes. JDBC's getters convert, and each
 * conversion damages something (REAL to 15 digits, broken UTF-8 to U+FFFD, numbers to dates).
 */
public final class RowCursor {
  private static final byte[] EMPTY = {};
  private final PreparedStatement statement;
  private final Charset charset;

  /** What is done with one row. */
  public interface RowHandler {
    /**
     * Called once a row.
     *
     * @param row gives the row's values; valid during the call
     */
    void row(Row row) throws Exception;
  }

  /** The current row. */
  public interface Row {
    /**
     * Reads a value.
     *
     * @param column from 0 on
     * @param cell gets the value
     */
    void read(int column, Cell cell) throws SQLException;
  }

  RowCursor(PreparedStatement statement, Charset charset) {
    this.statement = statement;
    this.charset = charset;
  }

  /** Walks through all rows; at most one of them is in memory. */
  public void forEach(RowHandler handler) throws Exception {
    ((CoreStatement) statement)
        .pointer.<Exception>safeRunConsume((db, pointer) -> walk(db, pointer, handler));
  }

  private void walk(DB db, long pointer, RowHandler handler) throws Exception {
    Row row = (column, cell) -> read(db, pointer, column, cell);
    try {
      int code = db.step(pointer);
      while (code == Codes.SQLITE_ROW) {
        handler.row(row);
        code = db.step(pointer);
      }
      if (code != Codes.SQLITE_DONE) {
        throw DB.newSQLException(code, "the source cannot be read");
      }
    } finally {
      db.reset(pointer);
    }
  }

  private void read(DB db, long pointer, int column, Cell cell) throws SQLException {
    switch (db.column_type(pointer, column)) {
      case Codes.SQLITE_INTEGER -> cell.setInteger(db.column_long(pointer, column));
      case Codes.SQLITE_FLOAT -> cell.setReal(db.column_double(pointer, column));
      case Codes.SQLITE_TEXT -> cell.setText(utf8(bytes(db, pointer, column)));
      case Codes.SQLITE_BLOB -> cell.setBlob(bytes(db, pointer, column));
      default -> cell.setNull();
    }
  }

  private static byte[] bytes(DB db, long pointer, int column) throws SQLException {
    byte[] bytes = db.column_blob(pointer, column);
    return bytes == null ? EMPTY : bytes;
  }

  private byte[] utf8(byte[] stored) {
    if (charset == StandardCharsets.UTF_8) {
      return stored;
    }
    try {
      return charset
          .newDecoder()
          .decode(ByteBuffer.wrap(stored))
          .toString()
          .getBytes(StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      return broken(stored);
    }
  }

  /**
   * As near to UTF-8 as it gets, and no UTF-8: who chooses to replace what is broken keeps the
   * rest.
   */
  private byte[] broken(byte[] stored) {
    ByteBuffer units = ByteBuffer.wrap(stored);
    units.order(
        charset == StandardCharsets.UTF_16LE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder text = new StringBuilder();
    while (units.remaining() > 1) {
      text.append(units.getChar());
    }
    text.codePoints()
        .forEach(point -> {
          if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            out.write(0xe0 | point >> 12);
            out.write(0x80 | (point >> 6 & 0x3f));
            out.write(0x80 | (point & 0x3f));
          } else {
            out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
          }
        });
    if (units.hasRemaining()) {
      out.write(0xff);
    }
    return out.toByteArray();
  }
}
