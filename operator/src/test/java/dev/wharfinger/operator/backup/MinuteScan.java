package dev.wharfinger.operator.backup;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Slots found by looking at every minute there is, as a person with a clock on the wall would. Slow
 * and simple, and it shares nothing with what it judges.
 */
final class MinuteScan {
  private static final long DAY = 24 * 60;
  private static final int[][] BOUNDS = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}};

  private final BitSet[] sets = new BitSet[5];
  private final boolean anyDay;
  private final boolean anyWeekday;
  private final boolean everyHour;

  /**
   * @param line five fields in numbers
   */
  MinuteScan(String line) {
    String[] fields = line.split(" ", -1);
    for (int i = 0; i < 5; i++) {
      sets[i] = new BitSet();
      for (String item : fields[i].split(",", -1)) {
        String[] step = item.split("/", -1);
        String[] range = step[0].equals("*") ? new String[0] : step[0].split("-", -1);
        int from = range.length == 0 ? BOUNDS[i][0] : Integer.parseInt(range[0]);
        int to = range.length == 0 ? BOUNDS[i][1] : Integer.parseInt(range[range.length - 1]);
        for (int v = from; v <= to; v += step.length == 1 ? 1 : Integer.parseInt(step[1])) {
          sets[i].set(i == 4 && v == 7 && range.length > 0 ? 0 : v);
        }
      }
    }
    anyDay = fields[2].equals("*");
    anyWeekday = fields[4].equals("*");
    everyHour = fields[1].contains("*") || fields[1].contains("/") || sets[1].cardinality() == 24;
  }

  /** All slots from one moment up to and without another. */
  List<Instant> slots(ZoneId zone, Instant from, Instant to) {
    return slots(List.of(this), zone, from, to).getFirst();
  }

  /** The same for several lines in one go. */
  static List<List<Instant>> slots(List<MinuteScan> scans, ZoneId zone, Instant from, Instant to) {
    List<List<Instant>> slots = new ArrayList<>();
    scans.forEach(scan -> slots.add(new ArrayList<>()));
    // Whoever has watched the clock for a day knows what it has shown already.
    long start = from.getEpochSecond() / 60 - DAY;
    long before = wall(zone, start);
    long latest = before;
    for (long minute = start + 1; minute < to.getEpochSecond() / 60; minute++) {
      long wall = wall(zone, minute);
      for (int i = 0; i < scans.size() && minute >= start + DAY; i++) {
        if (scans.get(i).isSlot(before, wall, wall <= latest)) {
          slots.get(i).add(Instant.ofEpochSecond(minute * 60));
        }
      }
      before = wall;
      latest = Math.max(latest, wall);
    }
    return slots;
  }

  /** What the clock shows, in minutes. */
  private static long wall(ZoneId zone, long minute) {
    return minute
        + zone.getRules().getOffset(Instant.ofEpochSecond(minute * 60)).getTotalSeconds() / 60;
  }

  private boolean isSlot(long before, long wall, boolean again) {
    if (matches(wall)) {
      return everyHour || !again;
    }
    // What the clock has left out.
    return before + 1 < wall && LongStream.range(before + 1, wall).anyMatch(this::matches);
  }

  private boolean matches(long wall) {
    int time = (int) Math.floorMod(wall, DAY);
    if (!sets[0].get(time % 60) || !sets[1].get(time / 60)) {
      return false;
    }
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(wall, DAY));
    return sets[3].get(date.getMonthValue()) && day(date);
  }

  /** Where both are said, one is enough. */
  private boolean day(LocalDate date) {
    boolean day = sets[2].get(date.getDayOfMonth());
    boolean weekday = sets[4].get(date.getDayOfWeek().getValue() % 7);
    return anyDay || anyWeekday ? (day && weekday) : (day || weekday);
  }
}
