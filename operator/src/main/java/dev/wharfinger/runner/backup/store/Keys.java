package dev.wharfinger.runner.backup.store;

import java.util.regex.Pattern;

/** Keys of objects: safe as paths, in URLs and in a shell. */
public final class Keys {
  private static final String WORD = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}";
  private static final Pattern KEY = Pattern.compile(WORD + "(/" + WORD + "){0,15}");

  private Keys() {}

  /** Whether it is a key; words that begin with a dot are left to the store itself. */
  public static boolean valid(String key) {
    return KEY.matcher(key).matches();
  }

  /**
   * The key itself.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static String checked(String key) {
    if (!valid(key)) {
      throw new IllegalArgumentException("this is no key of an object: " + key);
    }
    return key;
  }
}
