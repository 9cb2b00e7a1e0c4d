package dev.wharfinger.runner.transfer.codec;

import java.util.function.UnaryOperator;

/** Looks at JSON as text, and changes nothing but what it is asked for. */
final class JsonText {
  private JsonText() {}

  /**
   * Replaces NaN and the infinities, which are no JSON but what Python writes, outside strings.
   *
   * @param by gives what stands instead of the word
   */
  static String finite(String text, UnaryOperator<String> by) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int end = text.charAt(i) == '"' ? endOfString(text, i) : i;
      if (end > i) {
        out.append(text, i, end);
        i = end;
        continue;
      }
      String word = word(text, i);
      out.append(word.isEmpty() ? text.substring(i, i + 1) : by.apply(word));
      i += Math.max(1, word.length());
    }
    return out.toString();
  }

  private static String word(String text, int at) {
    for (String word : new String[] {"NaN", "-Infinity", "Infinity"}) {
      if (text.startsWith(word, at)) {
        return word;
      }
    }
    return "";
  }

  private static int endOfString(String text, int from) {
    int i = from + 1;
    while (i < text.length() && text.charAt(i) != '"') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(text.length(), i + 1);
  }

  /** Replaces the escape of U+0000; a backslash that is itself escaped begins none. */
  static String withoutNul(String text, String by) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      if (text.charAt(i) != '\\') {
        out.append(text.charAt(i++));
      } else if (text.startsWith("u0000", i + 1)) {
        out.append(by);
        i += 6;
      } else {
        int end = Math.min(text.length(), i + 2);
        out.append(text, i, end);
        i = end;
      }
    }
    return out.toString();
  }

  /** A text as a JSON string. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /**
   * Whether bytes are a number both as text and in SQLite's binary JSON, where the first digit of
   * the one is the header of the other: {@code 3123} is 3123 or 123.
   */
  static boolean ambiguous(byte[] bytes) {
    if (bytes.length < 2 || (bytes[0] >> 4) != bytes.length - 1) {
      return false;
    }
    int type = bytes[0] & 0xf;
    return type >= 3 && type <= 6;
  }
}
