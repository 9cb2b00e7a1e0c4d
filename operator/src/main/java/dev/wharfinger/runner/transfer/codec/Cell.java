package dev.wharfinger.runner.transfer.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One SQLite value, reused from row to row. TEXT is carried as the stored bytes (UTF-8, not yet
 * checked): a String made by a driver has already replaced what it could not read.
 */
public final class Cell {
  private static final byte[] NONE = {};
  private Storage storage = Storage.NULL;
  private long integer;
  private double real;
  private byte[] bytes = NONE;

  public Storage storage() {
    return storage;
  }

  /** The value of an INTEGER. */
  public long integer() {
    return integer;
  }

  /** The value of a REAL; may be infinite, is never NaN. */
  public double real() {
    return real;
  }

  /** The bytes of a TEXT or BLOB; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  public Cell setNull() {
    storage = Storage.NULL;
    return this;
  }

  public Cell setInteger(long value) {
    storage = Storage.INTEGER;
    integer = value;
    return this;
  }

  public Cell setReal(double value) {
    storage = Storage.REAL;
    real = value;
    return this;
  }

  public Cell setText(byte[] value) {
    storage = Storage.TEXT;
    bytes = value;
    return this;
  }

  /** A TEXT of well-formed characters. */
  public Cell setText(String value) {
    return setText(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of this TEXT or BLOB, changed. */
  Cell setBytes(byte[] value) {
    bytes = value;
    return this;
  }

  /** The value of another one. */
  public Cell set(Cell other) {
    storage = other.storage;
    integer = other.integer;
    real = other.real;
    bytes = other.bytes;
    return this;
  }

  public Cell setBlob(byte[] value) {
    storage = Storage.BLOB;
    bytes = value;
    return this;
  }

  /** The characters of a TEXT of well-formed characters. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Whether both are the same value of the same storage class. */
  public boolean is(Cell other) {
    return storage == other.storage
        && switch (storage) {
          case NULL -> true;
          case INTEGER -> integer == other.integer;
          case REAL -> Double.doubleToLongBits(real) == Double.doubleToLongBits(other.real);
          case TEXT, BLOB -> Arrays.equals(bytes, other.bytes);
        };
  }

  /** Whether this is a TEXT of nothing but ASCII white space, or of nothing. */
  boolean blank() {
    if (storage != Storage.TEXT) {
      return false;
    }
    for (byte b : bytes) {
      if (!white(b)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The bytes as Latin-1, without white space around them: safe for looking for ASCII forms only.
   * Other control characters stay: what is behind a NUL is not nothing.
   */
  String ascii() {
    int from = 0;
    int to = bytes.length;
    while (from < to && white(bytes[from])) {
      from++;
    }
    while (to > from && white(bytes[to - 1])) {
      to--;
    }
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static boolean white(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }
}
