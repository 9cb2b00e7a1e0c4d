package dev.wharfinger.operator.backup;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Five fields of cron, on a calendar that knows no time zone: what becomes of hours that a zone
 * leaves out or has twice is {@link Schedule}'s affair. Immutable.
 */
final class CronLine {
  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *");

  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  /** Some day; a schedule that has no slot after it never has one. */
  private static final LocalDateTime START = LocalDateTime.of(2001, 1, 1, 0, 0);

  private final List<String> fields;
  private final ExecutionTime times;

  private CronLine(List<String> fields) {
    this.fields = fields;
    this.times = ExecutionTime.forCron(PARSER.parse(String.join(" ", fields)));
  }

  /**
   * Reads five fields or a nickname.
   *
   * @throws ScheduleException where the line is anything else, or never comes
   */
  static CronLine parse(String text) {
    String line = text.strip();
    CronLine parsed = new CronLine(fields(line.startsWith("@") ? nickname(line) : line));
    if (parsed.times.nextExecution(START.atZone(ZoneOffset.UTC)).isEmpty()) {
      throw wrong("`" + line + "` never comes: none of its months has such a day");
    }
    return parsed;
  }

  private static List<String> fields(String line) {
    List<String> words = List.of(line.split("\\s+", -1));
    if (words.getFirst().matches("(?:CRON_)?TZ=.*")) {
      throw wrong("`" + words.getFirst() + "` does not belong here: name the zone in timeZone");
    }
    List<CronField> known = List.of(CronField.values());
    if (words.size() != known.size()) {
      throw wrong(CronAdvice.forCount(line, words));
    }
    return IntStream.range(0, known.size())
        .mapToObj(i -> known.get(i).checked(words.get(i)))
        .toList();
  }

  private static String nickname(String line) {
    String meant = NICKNAMES.get(line);
    if (meant == null) {
      throw wrong(CronAdvice.forNickname(line));
    }
    return meant;
  }

  private static ScheduleException wrong(String why) {
    return new ScheduleException("schedule", why);
  }

  /** The first slot after a time. */
  LocalDateTime nextAfter(LocalDateTime time) {
    return times
        .nextExecution(time.atZone(ZoneOffset.UTC))
        .orElseThrow(() -> new IllegalStateException(this + " has no slot after " + time))
        .toLocalDateTime();
  }

  /** The first slot at a time or after it. */
  LocalDateTime nextFrom(LocalDateTime time) {
    return nextAfter(time.minusSeconds(1));
  }

  /** The first slot of all, of those that are looked at. */
  LocalDateTime first() {
    return nextFrom(START);
  }

  /**
   * Whether it is meant to follow the hours as they pass, not the clock on the wall: then an hour
   * that comes twice counts twice.
   */
  boolean followsHours() {
    String hour = fields.get(1);
    return hour.contains("*") || hour.contains("/") || hour.equals("0-23");
  }

  /** Whether one day is as any other. */
  boolean isDaily() {
    return fields.subList(2, fields.size()).stream().allMatch("*"::equals);
  }

  /** The five fields in numbers; the same for all ways to write the same. */
  @Override
  public String toString() {
    return String.join(" ", fields);
  }
}
