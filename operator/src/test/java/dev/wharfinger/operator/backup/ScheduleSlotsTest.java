package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The slots of a schedule against those that one finds by looking at every minute. */
class ScheduleSlotsTest {
  private static final List<String> DAILY =
      List.of("30 2 * * *", "0 0 * * *", "15 2,3 * * 1-5", "45 1 1,15 * 0", "0 0 29 2 *");

  private static final List<String> DENSE =
      List.of("0 * * * *", "*/5 * * * *", "45 */2 * * *", "15 0-23 * * *", "*/20 1-3 * * *");

  /**
   * Ten years each, with the days that Samoa and Kwajalein never had, summer time of half an hour
   * on Lord Howe, of two hours at Troll, at midnight in São Paulo, and as winter time in Morocco.
   */
  @ParameterizedTest
  @CsvSource({
    "Europe/London,       2021",
    "America/New_York,    2021",
    "America/Sao_Paulo,   2010",
    "Australia/Lord_Howe, 2021",
    "Pacific/Apia,        2006",
    "Pacific/Kwajalein,   1988",
    "Antarctica/Troll,    2021",
    "Africa/Casablanca,   2021",
    "America/Havana,      2021"
  })
  void PIP_19_tenYearsOfSlotsAreThoseOfAClockOnTheWall(String name, int year) {
    ZoneId zone = ZoneId.of(name);
    Instant from = Instant.parse(year + "-01-01T00:00:00Z");
    Instant to = Instant.parse((year + 10) + "-01-01T00:00:00Z");

    List<List<Instant>> expected =
        MinuteScan.slots(DAILY.stream().map(MinuteScan::new).toList(), zone, from, to);
    for (int i = 0; i < DAILY.size(); i++) {
      assertThat(slots(Schedule.of(DAILY.get(i), name), from, to))
          .as("%s in %s", DAILY.get(i), name)
          .isEqualTo(expected.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/London",
        "America/New_York",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kwajalein",
        "Antarctica/Troll",
        "Africa/Casablanca"
      })
  void aroundEveryClockChangeOfFourDecadesSlotsAreThoseOfAClockOnTheWall(String name) {
    ZoneId zone = ZoneId.of(name);
    List<Schedule> schedules = DENSE.stream().map(line -> Schedule.of(line, name)).toList();
    List<MinuteScan> scans = DENSE.stream().map(MinuteScan::new).toList();
    int changes = 0;
    Instant at = Instant.parse("1990-01-01T00:00:00Z");
    for (ZoneOffsetTransition change = zone.getRules().nextTransition(at);
        change != null && change.getInstant().isBefore(Instant.parse("2030-01-01T00:00:00Z"));
        change = zone.getRules().nextTransition(at)) {
      at = change.getInstant();
      Instant from = at.minus(Duration.ofHours(3));
      Instant to = at.plus(Duration.ofHours(3));
      List<List<Instant>> expected = MinuteScan.slots(scans, zone, from, to);
      for (int i = 0; i < schedules.size(); i++) {
        assertThat(slots(schedules.get(i), from, to))
            .as("%s around %s", DENSE.get(i), change)
            .isEqualTo(expected.get(i));
      }
      changes++;
    }
    assertThat(changes).isPositive();
  }

  /** Any schedule, around any clock change or none; those that are refused are judged too. */
  @Test
  void anySchedulesSlotsAreThoseOfAClockOnTheWall() {
    Random random = new Random(20261122);
    List<String> zones = List.of("Etc/UTC", "America/Sao_Paulo", "Australia/Lord_Howe");
    int good = 0;
    for (int i = 0; i < 250; i++) {
      String line = anyLine(random);
      String zone = zones.get(random.nextInt(zones.size()));
      Instant from = start(random, zone);
      Instant to = from.plus(Duration.ofDays(3));
      MinuteScan scan = new MinuteScan(line);
      try {
        Schedule schedule = Schedule.of(line, zone);
        good++;
        assertThat(slots(schedule, from, to))
            .as("%s from %s in %s", line, from, zone)
            .isEqualTo(scan.slots(ZoneId.of(zone), from, to));
        assertThat(schedule.latestUpTo(from)).as(line).isBeforeOrEqualTo(from);
        assertThat(schedule.nextAfter(schedule.latestUpTo(from))).as(line).isAfter(from);
        assertThat(tooOften(scan, Duration.ofDays(40))).as("%s comes too often", line).isFalse();
      } catch (ScheduleException e) {
        assertThat(tooOften(scan, Duration.ofDays(366)) || never(scan))
            .as("%s: %s", line, e.getMessage())
            .isTrue();
      }
    }
    assertThat(good).isGreaterThan(60);
  }

  /** Each slot is its own latest one, and the latest one until the next comes. */
  @ParameterizedTest
  @ValueSource(strings = {"30 2 * * *", "*/5 * * * *", "0 */6 * * 1-5", "0 0 31 * *", "0 0 29 2 *"})
  void theLatestSlotIsTheOneBeforeTheNext(String line) {
    Random random = new Random(7);
    Schedule schedule = Schedule.of(line, "Europe/London");
    for (int i = 0; i < 60; i++) {
      Instant slot = schedule.nextAfter(moment(random));
      Instant next = schedule.nextAfter(slot);
      Instant between =
          slot.plusSeconds((long) (random.nextDouble() * Duration.between(slot, next).toSeconds()));

      assertThat(schedule.latestUpTo(slot)).isEqualTo(slot);
      assertThat(schedule.latestUpTo(between)).isEqualTo(slot);
      assertThat(schedule.latestUpTo(next.minusNanos(1))).isEqualTo(slot);
      assertThat(schedule.nextAfter(next.minusNanos(1))).isEqualTo(next);
    }
  }

  private static List<Instant> slots(Schedule schedule, Instant from, Instant to) {
    List<Instant> slots = new ArrayList<>();
    for (Instant slot = schedule.nextAfter(from.minusNanos(1));
        slot.isBefore(to);
        slot = schedule.nextAfter(slot)) {
      slots.add(slot);
    }
    return slots;
  }

  /** Whether two of its slots are less than five minutes apart, from a leap year's beginning on. */
  private static boolean tooOften(MinuteScan scan, Duration time) {
    Instant last = Instant.EPOCH;
    for (Instant slot : scan.slots(ZoneOffset.UTC, moment(2028), moment(2028).plus(time))) {
      if (Duration.between(last, slot).toMinutes() < 5) {
        return true;
      }
      last = slot;
    }
    return false;
  }

  /** In none of four years, one of them a leap year. */
  private static boolean never(MinuteScan scan) {
    return scan.slots(ZoneOffset.UTC, moment(2025), moment(2029)).isEmpty();
  }

  private static Instant moment(int year) {
    return Instant.parse(year + "-01-01T00:00:00Z");
  }

  private static Instant moment(Random random) {
    return moment(2020).plusSeconds(random.nextInt(20 * 365) * 86_400L + random.nextInt(86_400));
  }

  /** A day before some clock change, or any day at all. */
  private static Instant start(Random random, String zone) {
    Instant moment = Instant.parse("2009-06-01T00:00:00Z").plusSeconds(random.nextInt(300_000_000));
    ZoneOffsetTransition change = ZoneId.of(zone).getRules().nextTransition(moment);
    Instant start = change == null || random.nextInt(4) == 0 ? moment : change.getInstant();
    return Instant.ofEpochSecond(start.getEpochSecond() / 60 * 60).minus(Duration.ofDays(1));
  }

  private static String anyLine(Random random) {
    int[][] bounds = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}};
    return Arrays.stream(bounds)
        .map(bound ->
            random.nextInt(3) == 0
                ? "*"
                : IntStream.rangeClosed(0, random.nextInt(3) == 0 ? 2 : 0)
                    .mapToObj(i -> anyItem(random, bound[0], bound[1]))
                    .collect(Collectors.joining(",")))
        .collect(Collectors.joining(" "));
  }

  private static String anyItem(Random random, int least, int most) {
    int from = least + random.nextInt(most - least + 1);
    int to = from + random.nextInt(most - from + 1);
    int step = 2 + random.nextInt(most - 1);
    return switch (random.nextInt(5)) {
      case 0 -> "*/" + step;
      case 1 -> from + "-" + to;
      case 2 -> from + "-" + to + "/" + step;
      default -> String.valueOf(from);
    };
  }
}
