package dev.wharfinger.runner.backup;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 and a count of what passes. */
public final class Digests {
  private final MessageDigest digest = sha256();
  private long bytes;

  /** A digest of nothing so far. */
  public Digests() {}

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Takes bytes that passed. */
  public void add(byte[] passed, int from, int length) {
    digest.update(passed, from, length);
    bytes += length;
  }

  /** How many passed. */
  public long bytes() {
    return bytes;
  }

  /** 64 hexadecimal digits; once. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of bytes in memory. */
  public static String of(byte[] all) {
    return HexFormat.of().formatHex(sha256().digest(all));
  }

  /** A stream that is counted and hashed while it is read. */
  public InputStream reading(InputStream in) {
    return new java.io.FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        int count = in.read(into, from, length);
        if (count > 0) {
          add(into, from, count);
        }
        return count;
      }

      @Override
      public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 8192)).length;
      }

      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }
}
