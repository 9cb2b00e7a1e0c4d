package dev.wharfinger.runner.backup.store.s3;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import software.amazon.awssdk.core.sync.RequestBody;

/** As much of an object as is held in memory; a small object takes no more than it needs. */
final class Part {
  static final String TYPE = "application/octet-stream";
  private static final int FIRST = 1 << 16;

  private final int most;
  private byte[] bytes = new byte[FIRST];
  private int filled;

  Part(int most) {
    this.most = most;
  }

  boolean full() {
    return filled == most;
  }

  int length() {
    return filled;
  }

  /** Takes as many as there is room for; gives how many. */
  int add(byte[] from, int offset, int length) {
    int some = Math.min(length, most - filled);
    if (bytes.length < filled + some) {
      bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(2 * bytes.length, filled + some)));
    }
    System.arraycopy(from, offset, bytes, filled, some);
    filled += some;
    return some;
  }

  /** Begins the next part. */
  void clear() {
    filled = 0;
  }

  /** Gives the memory back; nothing more is sent. */
  void forget() {
    filled = 0;
    bytes = new byte[0];
  }

  /** Read from the beginning at each try. */
  RequestBody body() {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, 0, filled), filled, TYPE);
  }

  /** The one hash that every store compares with what has arrived. */
  String md5() {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(bytes, 0, filled);
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
