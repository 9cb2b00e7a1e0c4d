package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;

/** Cells as fields that are equal exactly where storage class and value are. */
final class Tuples {
  private Tuples() {}

  static void put(Cell cell, RowBuffer out) {
    switch (cell.storage()) {
      case NULL -> out.fieldNull();
      case INTEGER -> number('i', cell.integer(), out);
      case REAL -> number('r', Double.doubleToLongBits(cell.real()), out);
      case TEXT -> bytes('t', cell.bytes(), out);
      case BLOB -> bytes('b', cell.bytes(), out);
    }
  }

  private static void number(char storage, long value, RowBuffer out) {
    out.putInt(9);
    out.putByte(storage);
    out.putLong(value);
  }

  private static void bytes(char storage, byte[] value, RowBuffer out) {
    out.putInt(Math.addExact(value.length, 1));
    out.putByte(storage);
    out.putBytes(value);
  }
}
