package dev.wharfinger.operator.model;

/** The API's durations: a number and {@code ms}, {@code s} or {@code m}. */
public final class Durations {
  private Durations() {}

  /** Milliseconds of {@code 500ms}, {@code 5s} or {@code 1m}; the schema has checked the form. */
  public static long millis(String text) {
    if (text.endsWith("ms")) {
      return number(text, 2);
    }
    return number(text, 1) * (text.endsWith("m") ? 60_000 : 1_000);
  }

  private static long number(String text, int unit) {
    return Long.parseLong(text.substring(0, text.length() - unit));
  }
}
