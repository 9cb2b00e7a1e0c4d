package dev.wharfinger.runner.transfer;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A table's content in a form that does not depend on the order of its rows: how many, and sum and
 * xor of a hash of each. The sum catches duplicates, which the xor alone would let cancel out.
 */
final class TupleHash {
  private final MessageDigest digest;
  private long rows;
  private long sum;
  private long xor;

  TupleHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Adds a field of the current row, in canonical form; null for NULL. */
  void field(byte @Nullable [] canonical) {
    digest.update(ByteBuffer.allocate(4).putInt(canonical == null ? -1 : canonical.length).array());
    if (canonical != null) {
      digest.update(canonical);
    }
  }

  /** Ends the current row. */
  void endRow() {
    long hash = ByteBuffer.wrap(digest.digest()).getLong();
    rows++;
    sum += hash;
    xor ^= hash;
  }

  long rows() {
    return rows;
  }

  /** Equal exactly when the contents are. */
  String value() {
    return rows + ":" + Long.toHexString(sum) + ":" + Long.toHexString(xor);
  }
}
