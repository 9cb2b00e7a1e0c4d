package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a schedule may look like, and when its slots are where clocks are changed. */
class ScheduleTest {
  @Test
  void PIP_19_fiveFieldsAndAZone() {
    assertThat(next("0 2 * * *", null, "2026-11-22T09:00:00Z"))
        .containsExactly("2026-11-23T02:00:00Z", "2026-11-24T02:00:00Z", "2026-11-25T02:00:00Z");
    assertThat(next("0 2 * * *", "Europe/Berlin", "2026-11-22T09:00:00Z"))
        .containsExactly("2026-11-23T01:00:00Z", "2026-11-24T01:00:00Z", "2026-11-25T01:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          @hourly => 0 * * * *
          @daily => 0 0 * * *
          @weekly => 0 0 * * 0
          @monthly => 0 0 1 * *
          0 3 * jan mon => 0 3 * 1 1
          0 3 * Jan-Mar SUN => 0 3 * 1-3 0
          0 3 * * FRI-SUN => 0 3 * * 5-7
          0 3 * * SUN-SAT => 0 3 * * 0-6
          '  05 03 * * *  ' => 5 3 * * *
          0 3 */1 * 1 => 0 3 * * 1
          0   3 * *\t* => 0 3 * * *
          0 3 * * 0-7 => 0 3 * * 0-7
          """)
  void otherWaysToWriteTheSame(String text, String meant) {
    assertThat(Schedule.of(text, null)).hasToString(meant + " Etc/UTC");
    assertThat(Schedule.of(text, null).fingerprint())
        .isEqualTo(Schedule.of(meant, "Etc/UTC").fingerprint())
        .isNotEqualTo(Schedule.of(meant, "Europe/Berlin").fingerprint());
  }

  /** A mapper that is much used makes Sundays of it. */
  @Test
  void everyDayFromSundayToSundayIsEveryDay() {
    assertThat(next("0 3 * * 0-7", null, "2026-11-22T09:00:00Z"))
        .containsExactly("2026-11-23T03:00:00Z", "2026-11-24T03:00:00Z", "2026-11-25T03:00:00Z");
  }

  @Test
  void dayOfMonthOrDayOfWeekIsEnough() {
    assertThat(next("0 3 24 * 0", null, "2026-11-21T09:00:00Z"))
        .containsExactly("2026-11-22T03:00:00Z", "2026-11-24T03:00:00Z", "2026-11-29T03:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          0 0 2 * * * => seconds are not supported; did you mean `0 2 * * *`?
          0 0 2 * * ? => seconds are not supported; did you mean `0 2 * * *`?
          0 0 2 ? * MON-FRI => seconds are not supported; did you mean `0 2 * * MON-FRI`?
          0 0 2 ? * 2-6 => seconds are not supported; write five fields: minute, hour
          0 0 2 * * ? 2027 => seconds and years are not supported; did you mean `0 2 * * *`?
          */10 * * * * * => seconds are not supported; write five fields: minute, hour
          a b c d e f => seconds are not supported; write five fields: minute, hour
          0 2 * * => `0 2 * *` has four fields, and five are needed: minute, hour
          '' => `` has no field, and five are needed: minute, hour
          1 2 3 4 5 6 7 8 => `1 2 3 4 5 6 7 8` has 8 fields, and five are needed: minute
          @yearly => `@yearly` is not supported: write `0 0 1 1 *`; known are @hourly, @daily
          @Midnight => `@Midnight` is not supported: write @daily; known are
          @every 6h => `@every 6h` is not supported: steps are written as in `0 */6 * * *`; known
          @dayly => `@dayly` is not supported: known are @hourly, @daily, @weekly and @monthly
          TZ=UTC 0 2 * * * => `TZ=UTC` does not belong here: name the zone in timeZone
          CRON_TZ=UTC 0 2 * * * => `CRON_TZ=UTC` does not belong here: name the zone in timeZone
          60 2 * * * => minute `60`: 60 is not between 0 and 59
          0 24 * * * => hour `24`: 24 is not between 0 and 23
          0 2 0 * * => day of the month `0`: 0 is not between 1 and 31
          0 2 * 13 * => month `13`: 13 is not between 1 and 12
          0 2 * * 8 => day of the week `8`: 8 is not between 0 and 7
          */0 * * * * => minute `*/0`: step 0 is not between 1 and 59
          0 */99 * * * => hour `*/99`: step 99 is not between 1 and 23
          5/15 * * * * => minute `5/15`: not every cron knows a step without a range: write 5-59/15
          0 2 * * 1/2 => day of the week `1/2`: not every cron knows a step without a range: write 1-6/2
          0 22-2 * * * => hour `22-2`: 22-2 runs backwards: write 22-23,0-2
          0 2 * * SAT-MON => day of the week `SAT-MON`: SAT-MON runs backwards: write 6,0-1
          0 2 ? * * => day of the month `?`: `?` is not supported: write `*`
          0 2 L * * => day of the month `L`: `L` is not understood; known are numbers from 1 to 31,
          0 2 * * 1#2 => day of the week `1#2`: `1#2` is not understood; known are numbers from 0 to 7 and names such as SUN
          0 2 * MON * => month `MON`: `MON` is not understood; known are numbers from 1 to 12 and names such as JAN
          1,,2 2 * * * => minute `1,,2`: `` is not understood
          +1 2 * * * => minute `+1`: `+1` is not understood
          0|30 2 * * * => minute `0|30`: `0|30` is not understood
          1-5-7 2 * * * => minute `1-5-7`: `1-5-7` is not understood
          0 2 * * *,1 => day of the week `*,1`: `*` is every day of the week already: leave the others out
          0 2 30 2 * => `0 2 30 2 *` never comes: none of its months has such a day
          0 2 31 4,6,9,11 * => `0 2 31 4,6,9,11 *` never comes: none of its months has such a day
          * * * * * => `* * * * *` has two backups within 1 min; the least is 5 min, as in
          */4 * * * * => `*/4 * * * *` has two backups within 4 min; the least is 5 min
          0,58 1,2 1 1 * => `0,58 1,2 1 1 *` has two backups within 2 min; the least is 5 min
          0,58 0,23 * * * => `0,58 0,23 * * *` has two backups within 2 min; the least is 5 min
          """)
  void everythingElseIsRefusedWithAWayOut(String text, String said) {
    assertThatExceptionOfType(ScheduleException.class)
        .isThrownBy(() -> Schedule.of(text, "Europe/London"))
        .satisfies(e -> assertThat(e.field()).isEqualTo("schedule"))
        .satisfies(e -> assertThat(e.explanation()).startsWith("schedule: " + said));
  }

  /** The first comes on one day of the month only, and thus not around midnight. */
  @ParameterizedTest
  @CsvSource({"'0,58 0,23 1 * *', 58", "'*/5 * * * *', 5", "'0 2 30 2 1', 10080"})
  void whatIsNotTooOftenIsLetThrough(String text, int minutes) {
    assertThat(Schedule.of(text, null).shortest().toMinutes()).isEqualTo(minutes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          EST => `EST` is not the name of a place in time zone data
          CET => `CET` is not the name of a place
          EST5EDT => `EST5EDT` is not the name of a place
          GMT => `GMT` is not the name of a place
          +02:00 => `+02:00` is not the name of a place
          UTC+2 => `UTC+2` is not the name of a place
          Z => `Z` is not the name of a place
          Local => `Local` is not the name of a place
          '' => `` is not the name of a place
          TZ=Europe/Berlin => `TZ=Europe/Berlin` is not the name of a place
          europe/berlin => `europe/berlin` is not known; did you mean `Europe/Berlin`?
          America/New York => `America/New York` is not known; did you mean `America/New_York`?
          """)
  void zonesAreNamesOfPlaces(String zone, String said) {
    assertThatExceptionOfType(ScheduleException.class)
        .isThrownBy(() -> Schedule.of("0 2 * * *", zone))
        .satisfies(e -> assertThat(e.field()).isEqualTo("timeZone"))
        .withMessageStartingWith("timeZone: " + said);
  }

  @Test
  void zoneDataHaveAVersion() {
    assertThat(Schedule.zoneData()).matches("20\\d\\d[a-z]");
    assertThatExceptionOfType(ScheduleException.class)
        .isThrownBy(() -> Schedule.of("0 2 * * *", "Mars/Olympus"))
        .withMessageContaining(Schedule.zoneData());
  }

  /** In the night the clocks are set forward there is no 02:30; others make no backup then. */
  @Test
  void aSlotThatTheClocksLeaveOutComesWhenTheyAreSet() {
    assertThat(next("30 2 * * *", "Europe/Berlin", "2027-03-27T12:00:00Z"))
        .containsExactly("2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z", "2027-03-30T00:30:00Z");
    // All that are left out come once.
    assertThat(next("*/10 2 * * *", "Europe/Berlin", "2027-03-28T00:00:00Z"))
        .startsWith("2027-03-28T01:00:00Z", "2027-03-29T00:00:00Z");
    assertThat(next("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z"))
        .startsWith("2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z");
    assertThat(next("0 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00:00Z"))
        .startsWith("2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z");
  }

  /** Samoa went from the 29th to the 31st. */
  @Test
  void aDayThatIsLeftOutComesWithTheNext() {
    assertThat(next("0 2 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z"))
        .startsWith("2011-12-29T12:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T12:00:00Z");
    assertThat(next("0 2 30 * *", "Pacific/Apia", "2011-12-01T00:00:00Z"))
        .startsWith("2011-12-30T10:00:00Z", "2012-01-29T12:00:00Z");
  }

  @Test
  void anHourThatComesTwiceCountsOnceForCertainHours() {
    assertThat(next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z"))
        .startsWith("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    assertThat(next("0 3 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z"))
        .startsWith("2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z");
    // From within the second time, the first is over.
    assertThat(next("30 2 * * *", "Europe/Berlin", "2026-10-25T01:00:00Z"))
        .startsWith("2026-10-26T01:30:00Z");
  }

  @Test
  void anHourThatComesTwiceCountsTwiceForEveryHour() {
    assertThat(next("30 * * * *", "Europe/Berlin", "2026-10-24T23:00:00Z"))
        .containsExactly("2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
    assertThat(next("0 */2 * * *", "Europe/Berlin", "2026-10-24T23:00:00Z"))
        .containsExactly("2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T03:00:00Z");
  }

  @Test
  void leapDays() {
    assertThat(next("0 2 29 2 *", "Europe/London", "2027-01-01T00:00:00Z"))
        .containsExactly("2028-02-29T02:00:00Z", "2032-02-29T02:00:00Z", "2036-02-29T02:00:00Z");
    assertThat(next("0 2 29 2 *", null, "2096-03-01T00:00:00Z")).startsWith("2104-02-29T02:00:00Z");
    assertThat(Schedule.of("0 2 29 2 *", null).latestUpTo(Instant.parse("2104-01-01T00:00:00Z")))
        .isEqualTo("2096-02-29T02:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "0 2 * * *,     24,   24",
    "@hourly,        1,    1",
    "0 2 * * 1-5,   24,   72",
    "@weekly,      168,  168",
    "@monthly,     672,  744",
    "0 2 31 * *,   744, 1464",
    "0 9-17 * * *,   1,   16",
    "0 2 29 2 *, 35064, 35064"
  })
  void theTimesBetweenSlotsDoNotDependOnWhenOneAsks(String text, long shortest, long period) {
    Schedule schedule = Schedule.of(text, "Europe/London");
    assertThat(schedule.shortest()).isEqualTo(Duration.ofHours(shortest));
    assertThat(schedule.period()).isEqualTo(Duration.ofHours(period));
  }

  @Test
  void slotsAreCountedUpToALimit() {
    Schedule schedule = Schedule.of("*/5 * * * *", null);
    Instant start = Instant.parse("2026-11-01T00:00:00Z");
    assertThat(schedule.count(start, start.plus(Duration.ofHours(1)), 1000)).isEqualTo(12);
    assertThat(schedule.count(start, start.plus(Duration.ofDays(14)), 1000)).isEqualTo(1000);
  }

  private static List<String> next(String text, @Nullable String zone, String after) {
    return Schedule.of(text, zone).next(3, Instant.parse(after)).stream()
        .map(Instant::toString)
        .toList();
  }
}
