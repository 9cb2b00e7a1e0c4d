package dev.wharfinger.operator.backup;

import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Time zones by their IANA names: places. An abbreviation means another zone elsewhere or stands
 * still while the clocks change, and an offset always does.
 */
final class ZoneName {
  private static final String DEFAULT = "Etc/UTC";

  private ZoneName() {}

  /**
   * The zone of a name, and {@code Etc/UTC} where there is none.
   *
   * @throws ScheduleException where it is not the name of a place
   */
  static ZoneId parse(@Nullable String name) {
    if (name == null) {
      return ZoneId.of(DEFAULT);
    }
    if (name.equals("UTC") || isPlace(name)) {
      return ZoneId.of(name);
    }
    Optional<String> near =
        ZoneId.getAvailableZoneIds().stream()
            .filter(
                known -> isPlace(known) && known.equalsIgnoreCase(name.strip().replace(' ', '_')))
            .findFirst();
    throw new ScheduleException(
        "timeZone",
        near.map(known -> "`%s` is not known; did you mean `%s`?".formatted(name, known))
            .orElseGet(() -> advice(name)));
  }

  private static String advice(String name) {
    String what = "`%s` is not the name of a place in time zone data %s";
    return what.formatted(name, version()) + ": write one such as `Europe/Berlin`, or `Etc/UTC`";
  }

  private static boolean isPlace(String name) {
    return name.contains("/")
        && !name.startsWith("SystemV/")
        && ZoneId.getAvailableZoneIds().contains(name);
  }

  /** Which time zone data this process computes with, for example {@code 2026a}. */
  static String version() {
    return ZoneRulesProvider.getVersions(DEFAULT).lastKey();
  }
}
