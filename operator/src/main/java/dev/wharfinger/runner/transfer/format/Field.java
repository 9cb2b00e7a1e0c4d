package dev.wharfinger.runner.transfer.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One value in PostgreSQL's binary form, reused from value to value. Never NULL. */
public final class Field {
  private byte[] data = {};
  private int at;
  private int length;

  /** Points to {@code size} bytes from {@code from} on. */
  public Field set(byte[] bytes, int from, int size) {
    data = bytes;
    at = from;
    length = size;
    return this;
  }

  public int length() {
    return length;
  }

  /** The whole of it as a big-endian number with a sign. */
  public long number() {
    long value = length > 0 ? data[at] : 0;
    for (int i = 1; i < length; i++) {
      value = value << 8 | (data[at + i] & 0xff);
    }
    return value;
  }

  /** Two bytes as a number with a sign. */
  int shortAt(int offset) {
    return (short) (data[at + offset] << 8 | (data[at + offset + 1] & 0xff));
  }

  /** The bytes from {@code offset} on. */
  public byte[] bytes(int offset) {
    return Arrays.copyOfRange(data, at + offset, at + length);
  }

  /** The bytes from {@code offset} on as text. */
  String text(int offset) {
    return new String(data, at + offset, length - offset, StandardCharsets.UTF_8);
  }
}
