package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which settings a running server takes without a restart, by major version, as real servers say in
 * {@code pg_settings}. A server goes on with the old value of a setting that it does not take, and
 * only its log tells; so a value counts only where it is known to be taken. Everything else, also a
 * version without a table, restarts the server, and a start with a bad value is seen.
 */
final class ReloadableSettings {
  private static final Map<String, Map<String, Setting>> TABLES = new ConcurrentHashMap<>();
  private static final Pattern NUMBER =
      Pattern.compile("(-?[0-9]{1,18}(?:[.][0-9]{1,9})?) ?([A-Za-z]{0,3})");
  private static final Set<String> BOOLEAN =
      Set.of("on", "off", "true", "false", "yes", "no", "1", "0");

  /** In bytes. */
  private static final Map<String, BigDecimal> MEMORY =
      Map.of(
          "B", BigDecimal.ONE,
          "kB", BigDecimal.valueOf(1L << 10),
          "8kB", BigDecimal.valueOf(1L << 13),
          "MB", BigDecimal.valueOf(1L << 20),
          "GB", BigDecimal.valueOf(1L << 30),
          "TB", BigDecimal.valueOf(1L << 40));

  /** In microseconds. */
  private static final Map<String, BigDecimal> TIME =
      Map.of(
          "us", BigDecimal.ONE,
          "ms", BigDecimal.valueOf(1_000),
          "s", BigDecimal.valueOf(1_000_000),
          "min", BigDecimal.valueOf(60_000_000),
          "h", BigDecimal.valueOf(3_600_000_000L),
          "d", BigDecimal.valueOf(86_400_000_000L));

  private ReloadableSettings() {}

  /** A row of {@code reloadable/<major>.tsv}. */
  private record Setting(
      String type, String unit, String smallest, String largest, List<String> words) {
    boolean takes(String value) {
      return switch (type) {
        case "bool" -> BOOLEAN.contains(value.toLowerCase(Locale.ROOT));
        case "enum" -> words.contains(value.toLowerCase(Locale.ROOT));
        case "integer", "real" -> inRange(value);
        default -> false;
      };
    }

    private boolean inRange(String value) {
      Matcher matcher = NUMBER.matcher(value);
      if (!matcher.matches()) {
        return false;
      }
      BigDecimal number = inOwnUnit(new BigDecimal(matcher.group(1)), matcher.group(2));
      return number != null
          && (type.equals("real") || number.stripTrailingZeros().scale() <= 0)
          && number.compareTo(new BigDecimal(smallest)) >= 0
          && number.compareTo(new BigDecimal(largest)) <= 0;
    }

    /** Null where the unit is none of this setting's. */
    private @Nullable BigDecimal inOwnUnit(BigDecimal number, String given) {
      if (given.isEmpty()) {
        return number;
      }
      Map<String, BigDecimal> units = MEMORY.containsKey(unit) ? MEMORY : TIME;
      BigDecimal from = units.get(given);
      BigDecimal to = units.get(unit);
      return from == null || to == null
          ? null
          : number.multiply(from).divide(to, java.math.MathContext.DECIMAL64);
    }
  }

  /** Settings that a server takes while it runs, sorted. */
  static Map<String, String> of(PostgresqlModel postgresql) {
    return part(postgresql, true);
  }

  /** Settings that it takes when it starts, sorted. */
  static Map<String, String> others(PostgresqlModel postgresql) {
    return part(postgresql, false);
  }

  private static Map<String, String> part(PostgresqlModel postgresql, boolean reloadable) {
    Map<String, String> part = new TreeMap<>();
    postgresql
        .parameters()
        .forEach((name, value) -> {
          if (takes(postgresql.version(), name, value) == reloadable) {
            part.put(name, value);
          }
        });
    return part;
  }

  /** Whether a running server of this major version is known to take this value. */
  static boolean takes(String major, String name, String value) {
    Setting setting = TABLES.computeIfAbsent(major, ReloadableSettings::table).get(name);
    return setting != null && setting.takes(value);
  }

  private static Map<String, Setting> table(String major) {
    String file = "reloadable/" + major + ".tsv";
    if (!major.matches("[0-9]+") || ReloadableSettings.class.getResource(file) == null) {
      return Map.of();
    }
    Map<String, Setting> table = new TreeMap<>();
    PostgresqlConfigMap.resource(file)
        .lines()
        .map(line -> line.split("\t", -1))
        .forEach(c ->
            table.put(c[0], new Setting(c[1], c[2], c[3], c[4], Arrays.asList(c[5].split(",")))));
    return table;
  }
}
