package dev.wharfinger.runner.transfer.codec;

import java.util.Arrays;

/** A growing buffer of COPY BINARY data, big-endian. */
public final class RowBuffer {
  private byte[] data = new byte[1 << 16];
  private int size;

  public byte[] data() {
    return data;
  }

  public int size() {
    return size;
  }

  /** Forgets everything after {@code newSize}. */
  public void truncate(int newSize) {
    size = newSize;
  }

  /** Says at {@code start}, where room was left, how long the field is that ends here. */
  void length(int start) {
    int end = size;
    size = start;
    putInt(end - start - 4);
    size = end;
  }

  private void room(int more) {
    if (data.length - size < more) {
      data =
          Arrays.copyOf(
              data,
              Math.max(
                  Math.addExact(size, more), (int) Math.min(data.length * 2L, 2_000_000_000L)));
    }
  }

  public void putByte(int value) {
    room(1);
    data[size++] = (byte) value;
  }

  public void putShort(int value) {
    room(2);
    data[size++] = (byte) (value >> 8);
    data[size++] = (byte) value;
  }

  public void putInt(int value) {
    room(4);
    data[size++] = (byte) (value >> 24);
    data[size++] = (byte) (value >> 16);
    data[size++] = (byte) (value >> 8);
    data[size++] = (byte) value;
  }

  public void putLong(long value) {
    putInt((int) (value >> 32));
    putInt((int) value);
  }

  public void putBytes(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, data, size, value.length);
    size += value.length;
  }

  /** A field that is NULL. */
  public void fieldNull() {
    putInt(-1);
  }

  /** Whether the field that begins at {@code start} is NULL. */
  public boolean isNull(int start) {
    // Any other length is not negative.
    return data[start] < 0;
  }

  /** A field: its length and its bytes. */
  public void field(byte[] value) {
    putInt(value.length);
    putBytes(value);
  }

  /** A field of eight bytes. */
  public void fieldLong(long value) {
    putInt(8);
    putLong(value);
  }

  /** A field of four bytes. */
  public void fieldInt(int value) {
    putInt(4);
    putInt(value);
  }
}
