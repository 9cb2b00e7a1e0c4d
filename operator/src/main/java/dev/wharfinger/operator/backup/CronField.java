package dev.wharfinger.operator.backup;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields of a schedule, in their order. The library that computes with them reads more than
 * cron does, each variety of cron reads something else into what the others do not know, and none
 * says what would do instead. So only what all of them read alike is let through.
 */
enum CronField {
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY("day of the month", 1, 31, ""),
  MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
  WEEKDAY("day of the week", 0, 7, "SUN MON TUE WED THU FRI SAT");

  /** A star or a value or two, and a step. */
  private static final Pattern ITEM =
      Pattern.compile("(?:(\\*)|(\\d{1,2}|[A-Z]{3})(?:-(\\d{1,2}|[A-Z]{3}))?)(?:/(\\d{1,2}))?");

  private final String label;
  private final int least;
  private final int most;

  /** Of the values from the least on, or empty. */
  private final String names;

  CronField(String label, int least, int most, String names) {
    this.label = label;
    this.least = least;
    this.most = most;
    this.names = names;
  }

  /**
   * The same in numbers, without anything that can be left out.
   *
   * @throws ScheduleException where it is not what every cron reads alike
   */
  String checked(String text) {
    String[] items = text.split(",", -1);
    String checked =
        Stream.of(items).map(item -> item(text, item)).collect(Collectors.joining(","));
    if (items.length > 1 && Stream.of(checked.split(",", -1)).anyMatch("*"::equals)) {
      throw wrong(text, "`*` is every " + label + " already: leave the others out");
    }
    return checked;
  }

  private String item(String text, String item) {
    Matcher parts = ITEM.matcher(item.toUpperCase(Locale.ROOT));
    if (!parts.matches()) {
      throw unknown(text, item);
    }
    String step = parts.group(4);
    if (step != null) {
      within(text, "step ", Integer.parseInt(step), 1, most);
    }
    String end = step == null || Integer.parseInt(step) == 1 ? "" : "/" + Integer.parseInt(step);
    if (parts.group(1) != null) {
      return "*" + end;
    }
    int from = value(text, parts.group(2));
    if (parts.group(3) == null) {
      if (step != null) {
        String range = range(from, last()) + "/" + step;
        throw wrong(text, "not every cron knows a step without a range: write " + range);
      }
      return String.valueOf(from);
    }
    int to = value(text, parts.group(3));
    // A week that ends on Sunday begins on Monday.
    if (this == WEEKDAY && to == 0 && from > 0) {
      to = 7;
    }
    if (to < from) {
      String ranges = range(from, last()) + "," + range(least, to);
      throw wrong(text, item + " runs backwards: write " + ranges);
    }
    return from + "-" + to + end;
  }

  private static String range(int from, int to) {
    return from == to ? String.valueOf(from) : from + "-" + to;
  }

  /** Sunday has two numbers; the first is enough. */
  private int last() {
    return this == WEEKDAY ? 6 : most;
  }

  private int value(String text, String word) {
    if (Character.isDigit(word.charAt(0))) {
      return within(text, "", Integer.parseInt(word), least, most);
    }
    int found = names.indexOf(word);
    if (found < 0) {
      throw unknown(text, word);
    }
    return least + found / (word.length() + 1);
  }

  private int within(String text, String what, int value, int from, int to) {
    if (value < from || value > to) {
      throw wrong(text, "%s%d is not between %d and %d".formatted(what, value, from, to));
    }
    return value;
  }

  private ScheduleException unknown(String text, String item) {
    if (item.equals("?")) {
      return wrong(text, "`?` is not supported: write `*`");
    }
    String known =
        names.isEmpty()
            ? "numbers from %d to %d".formatted(least, most)
            : "numbers from %d to %d and names such as %s"
                .formatted(least, most, names.substring(0, 3));
    return wrong(
        text,
        "`%s` is not understood; known are %s, ranges 1-5, lists 1,5 and steps */5"
            .formatted(item, known));
  }

  private ScheduleException wrong(String text, String why) {
    return new ScheduleException("schedule", "%s `%s`: %s".formatted(label, text, why));
  }
}
