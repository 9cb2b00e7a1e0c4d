package dev.wharfinger.runner.transfer.sql;

import java.nio.charset.StandardCharsets;

/**
 * Names and keywords as SQLite compares them: A to Z have two cases, and nothing else has. To it, Ä
 * and ä are two columns.
 */
public final class Names {
  /** PostgreSQL keeps no more of a name. */
  private static final int BYTES = 63;

  private Names() {}

  /** As much of a name as PostgreSQL keeps. */
  public static String truncate(String name) {
    return truncate(name, BYTES);
  }

  /** The beginning of a name, in so many bytes. */
  public static String truncate(String name, int bytes) {
    String kept = name;
    while (kept.getBytes(StandardCharsets.UTF_8).length > bytes) {
      kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
    }
    return kept;
  }

  /** With a to z for A to Z. */
  public static String lower(String name) {
    return shifted(name, 'A', 'Z', 'a' - 'A');
  }

  /** With A to Z for a to z. */
  public static String upper(String name) {
    return shifted(name, 'a', 'z', 'A' - 'a');
  }

  /** Whether both are the same name. */
  public static boolean same(String one, String other) {
    return lower(one).equals(lower(other));
  }

  private static String shifted(String name, char first, char last, int by) {
    StringBuilder text = new StringBuilder(name);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= first && c <= last) {
        text.setCharAt(i, (char) (c + by));
      }
    }
    return text.toString();
  }
}
