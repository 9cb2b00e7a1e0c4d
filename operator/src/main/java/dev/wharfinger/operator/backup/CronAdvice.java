package dev.wharfinger.operator.backup;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What somebody may have meant whose schedule is of another dialect. */
final class CronAdvice {
  private static final String EXAMPLE =
      "minute, hour, day of the month, month, day of the week, for example `0 2 * * *`";

  private static final List<String> COUNTS =
      List.of("no field", "one field", "two fields", "three fields", "four fields");

  private static final Map<String, String> INSTEAD =
      Map.of(
          "@midnight", "write @daily",
          "@yearly", "write `0 0 1 1 *`",
          "@annually", "write `0 0 1 1 *`",
          "@every", "steps are written as in `0 */6 * * *`",
          "@reboot", "the operator has no such moment");

  private CronAdvice() {}

  /** For a line that has not five fields. */
  static String forCount(String line, List<String> words) {
    int count = line.isEmpty() ? 0 : words.size();
    if (count < COUNTS.size()) {
      return "`%s` has %s, and five are needed: %s".formatted(line, COUNTS.get(count), EXAMPLE);
    }
    if (count > 7) {
      return "`%s` has %d fields, and five are needed: %s".formatted(line, count, EXAMPLE);
    }
    String more = count == 6 ? "seconds are" : "seconds and years are";
    String five = String.join(" ", words.subList(1, 6)).replace('?', '*');
    // Where `?` is written, days of the week are counted from Sunday as 1.
    boolean otherDays = line.contains("?") && words.get(5).matches(".*\\d.*");
    return !otherDays && isGood(five)
        ? "%s not supported; did you mean `%s`?".formatted(more, five)
        : "%s not supported; write five fields: %s".formatted(more, EXAMPLE);
  }

  private static boolean isGood(String line) {
    try {
      Schedule.of(line, null);
      return true;
    } catch (ScheduleException e) {
      return false;
    }
  }

  /** For a nickname that is not among the four. */
  static String forNickname(String line) {
    String word = line.split("\\s+", -1)[0].toLowerCase(Locale.ROOT);
    String known = "known are @hourly, @daily, @weekly and @monthly";
    return "`%s` is not supported: %s"
        .formatted(line, INSTEAD.containsKey(word) ? INSTEAD.get(word) + "; " + known : known);
  }
}
