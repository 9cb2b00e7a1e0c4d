package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Json;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A hash of a set of rows in which their order does not matter: SHA-256 of each tuple, one half
 * summed up, the other combined by exclusive or. The sum notices what comes twice.
 */
public final class TupleHash {
  private final boolean[] jsonb;
  private final boolean anyJsonb;
  private final long[] nulls;
  private final MessageDigest digest;
  private long rows;
  private long sum;
  private long xor;

  /**
   * An empty set.
   *
   * @param jsonb one entry a field: whether it is jsonb and thus compared as a document
   */
  public TupleHash(boolean[] jsonb) {
    this.jsonb = jsonb;
    this.nulls = new long[jsonb.length];
    boolean any = false;
    for (boolean one : jsonb) {
      any |= one;
    }
    this.anyJsonb = any;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds one tuple: its fields in the form of COPY BINARY, without the count before them. */
  public void add(byte[] data, int from, int to) {
    ByteBuffer fields = ByteBuffer.wrap(data);
    int at = from;
    int plain = from;
    for (int i = 0; i < nulls.length; i++) {
      int length = fields.getInt(at);
      if (length < 0) {
        nulls[i]++;
        at += 4;
      } else {
        if (anyJsonb && jsonb[i]) {
          digest.update(data, plain, at - plain);
          // The first byte is the version of the format.
          byte[] canonical = Json.canonical(Arrays.copyOfRange(data, at + 5, at + 4 + length));
          digest.update(ByteBuffer.allocate(4).putInt(0, canonical.length));
          digest.update(canonical);
          plain = at + 4 + length;
        }
        at += 4 + length;
      }
    }
    if (at != to) {
      throw new IllegalStateException(
          "a tuple of " + (to - from) + " bytes ends at " + (at - from));
    }
    digest.update(data, plain, to - plain);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    rows++;
    sum += hash.getLong(0);
    xor ^= hash.getLong(8);
  }

  public long rows() {
    return rows;
  }

  /** Whether both saw the same rows with the same NULLs. */
  public boolean matches(TupleHash other) {
    return rows == other.rows
        && sum == other.sum
        && xor == other.xor
        && Arrays.equals(nulls, other.nulls);
  }

  /** Adds all rows of another set. */
  void add(TupleHash other) {
    rows += other.rows;
    sum += other.sum;
    xor ^= other.xor;
    for (int i = 0; i < nulls.length; i++) {
      nulls[i] += other.nulls[i];
    }
  }

  /** All that {@link #matches} compares, as text. */
  String stored() {
    return rows + " " + sum + " " + xor + " " + Arrays.toString(nulls);
  }

  /** Adds a set that was {@link #stored}. */
  void addStored(String text) {
    String[] parts = text.split("[ ,\\[\\]]+");
    TupleHash other = new TupleHash(jsonb);
    other.rows = Long.parseLong(parts[0]);
    other.sum = Long.parseLong(parts[1]);
    other.xor = Long.parseLong(parts[2]);
    for (int i = 0; i < nulls.length; i++) {
      other.nulls[i] = Long.parseLong(parts[3 + i]);
    }
    add(other);
  }

  /** As it stands in reports. */
  @Override
  public String toString() {
    return "%016x%016x".formatted(sum, xor);
  }
}
