package dev.wharfinger.operator.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a scheduled backup: the moment it was due, whenever it was begun. Objects made
 * for it are named after it, so that making one twice fails, whoever tries.
 *
 * @param at nominal, without jitter
 */
public record Slot(Instant at) {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * The backup's name, in UTC: {@code shop-s-20261122t020000z}.
   *
   * @param instance at most 40 characters, as every instance's name; then it is at most 59, and
   *     leaves a Pod's label and a Job their 63
   */
  public String name(String instance) {
    return instance + "-s-" + label();
  }

  /**
   * The name of an attempt: the first has the slot's own, and what follows fits into a label too.
   *
   * @param attempt from 1 to 99
   */
  public String name(String instance, int attempt) {
    return attempt == 1 ? name(instance) : name(instance) + "-" + attempt;
  }

  /** For a label: {@code 20261122t020000z}. */
  public String label() {
    return NAME.format(at);
  }

  /** The slot of such a label; null where it is none. */
  static @Nullable Slot parse(@Nullable String label) {
    try {
      return label == null ? null : new Slot(NAME.parse(label, Instant::from));
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
