package dev.wharfinger.operator.model;

import java.time.Duration;

/** The API's durations: a number and {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}. */
public final class Durations {
  private Durations() {}

  /**
   * Milliseconds of {@code 500ms}, {@code 5s}, {@code 1m}, {@code 1h} or {@code 1d}; the schema has
   * checked the form.
   */
  public static long millis(String text) {
    if (text.endsWith("ms")) {
      return number(text, 2);
    }
    if (text.endsWith("d")) {
      return number(text, 1) * 86_400_000;
    }
    return number(text, 1) * (text.endsWith("h") ? 3_600_000 : text.endsWith("m") ? 60_000 : 1_000);
  }

  private static long number(String text, int unit) {
    return Long.parseLong(text.substring(0, text.length() - unit));
  }

  /** A duration of whole minutes as the API writes it, such as {@code 90m} or {@code 2h}. */
  public static String words(Duration duration) {
    return duration.toMinutes() % 60 == 0 ? duration.toHours() + "h" : duration.toMinutes() + "m";
  }
}
