package dev.wharfinger.runner.transfer.codec;

/** Strict UTF-8 as PostgreSQL demands it. */
final class Utf8 {
  /** Not UTF-8. */
  static final int INVALID = -1;

  /** Holds the character U+0000, which PostgreSQL's text cannot. */
  static final int NUL = -2;

  private Utf8() {}

  /**
   * The number of code points, {@link #INVALID} or {@link #NUL}. Overlong forms, surrogates and
   * anything above U+10FFFF are invalid.
   */
  static int length(byte[] bytes) {
    int points = 0;
    boolean nul = false;
    int i = 0;
    while (i < bytes.length) {
      int b = bytes[i];
      if (b >= 0) {
        nul |= b == 0;
        i++;
      } else {
        int more = following(bytes, i);
        if (more < 0) {
          return INVALID;
        }
        i += more + 1;
      }
      points++;
    }
    return nul ? NUL : points;
  }

  private static int following(byte[] bytes, int i) {
    int lead = bytes[i] & 0xff;
    int more = lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
    if (more < 0 || i + more >= bytes.length) {
      return -1;
    }
    int second = bytes[i + 1] & 0xff;
    int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return -1;
    }
    for (int k = 2; k <= more; k++) {
      if ((bytes[i + k] & 0xc0) != 0x80) {
        return -1;
      }
    }
    return more;
  }
}
