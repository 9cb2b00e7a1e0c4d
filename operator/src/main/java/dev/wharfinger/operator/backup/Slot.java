package dev.wharfinger.operator.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

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
    return instance + "-s-" + NAME.format(at);
  }
}
