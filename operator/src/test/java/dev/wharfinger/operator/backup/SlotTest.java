package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What backups of a schedule are called, and how they are spread and tried again. */
class SlotTest {
  private static final Schedule NIGHTLY = Schedule.of("0 2 * * *", "Europe/Berlin");

  @Test
  void PIP_20_theNameTellsTheInstanceAndTheTime() {
    assertThat(new Slot(Instant.parse("2026-11-22T01:00:00Z")).name("shop"))
        .isEqualTo("shop-s-20261122t010000z");
  }

  /** The default language may have other digits and other letters. */
  @Test
  void PIP_20_theLongestNameIsALabelInAnyLanguage() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      String name = new Slot(Instant.parse("2026-11-22T01:00:00Z")).name("a".repeat(40));
      assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[a-z]([-a-z0-9]*[a-z0-9])?");
      assertThat(name).endsWith("-s-20261122t010000z");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void eachSlotHasANameOfItsOwnWhereHoursComeTwice() {
    Schedule schedule = Schedule.of("*/30 * * * *", "Europe/Berlin");
    Set<String> names = new HashSet<>();
    schedule
        .next(200, Instant.parse("2026-10-23T00:00:00Z"))
        .forEach(slot -> assertThat(names.add(new Slot(slot).name("shop"))).isTrue());
  }

  /** 300 instances with the same schedule. */
  @Test
  void aFleetIsSpreadOverTenMinutes() {
    int[] minutes = new int[10];
    for (int i = 0; i < 300; i++) {
      String uid = UUID.nameUUIDFromBytes(("i" + i).getBytes(StandardCharsets.UTF_8)).toString();
      Duration jitter = Jitter.of(uid, null, NIGHTLY);
      assertThat(jitter)
          .isEqualTo(Jitter.of(uid, null, NIGHTLY))
          .isLessThan(Duration.ofMinutes(10));
      minutes[(int) jitter.toMinutes()]++;
    }
    // Thirty on average; were it not even, this would be another number by far.
    assertThat(Arrays.stream(minutes).boxed()).allMatch(count -> count > 10 && count < 60);
  }

  @ParameterizedTest
  @CsvSource({"0 2 * * *, 600", "@hourly, 360", "*/5 * * * *, 30", "0 9-17 * * *, 360"})
  void jitterIsATenthOfTheTimeBetweenSlots(String line, int seconds) {
    Schedule schedule = Schedule.of(line, null);
    long most = 0;
    for (int i = 0; i < 500; i++) {
      most = Math.max(most, Jitter.of("uid-" + i, null, schedule).toSeconds());
    }
    assertThat(most).isBetween(seconds * 9L / 10, seconds - 1L);
  }

  @Test
  void jitterIsAsAskedFor() {
    assertThat(Jitter.of("uid", Duration.ZERO, NIGHTLY)).isZero();
    assertThat(Jitter.of("uid", Duration.ofMillis(10), NIGHTLY)).isZero();
    assertThat(Jitter.of("uid", Duration.ofSeconds(1), NIGHTLY)).isZero();
    assertThat(Jitter.of("uid", Duration.ofDays(1), NIGHTLY)).isLessThan(Duration.ofDays(1));
    assertThatExceptionOfType(ScheduleException.class)
        .isThrownBy(() -> Jitter.of("uid", Duration.ofMinutes(61), Schedule.of("@hourly", null)))
        .withMessage(
            "jitter: 1 h 1 min is not between zero and 1 h, the least time between two backups:"
                + " choose less");
  }

  @Test
  void whatMayPassIsTriedAgainAfterOneFiveAndFifteenMinutes() {
    Instant failed = Instant.parse("2026-11-22T01:10:00Z");
    Instant next = Instant.parse("2026-11-23T01:00:00Z");
    assertThat(Retry.TRANSIENT.after(1, failed, next)).contains(failed.plusSeconds(60));
    assertThat(Retry.TRANSIENT.after(2, failed, next)).contains(failed.plusSeconds(300));
    assertThat(Retry.TRANSIENT.after(3, failed, next)).contains(failed.plusSeconds(900));
    assertThat(Retry.TRANSIENT.after(4, failed, next)).isEmpty();
    assertThat(Retry.TRANSIENT.after(3, failed, null)).contains(failed.plusSeconds(900));
    assertThat(Retry.PERMANENT.after(1, failed, next)).isEmpty();
  }

  @Test
  void theNextSlotGoesBeforeAnotherAttempt() {
    Instant failed = Instant.parse("2026-11-22T01:10:00Z");
    assertThat(Retry.TRANSIENT.after(2, failed, failed.plusSeconds(300))).isEmpty();
    assertThat(Retry.TRANSIENT.after(2, failed, failed.plusSeconds(301))).isPresent();
  }
}
