package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the newest good backup is new enough. */
class BackupHealthTest {
  private static final Instant CREATED = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @CsvSource({"0 2 * * *, 49", "@hourly, 3", "0 2 * * 1-5, 145", "@weekly, 337"})
  void oneBackupMayFailAndWeekendsAreNoFailure(String line, long hours) {
    assertThat(BackupHealth.maxAge(Schedule.of(line, null))).isEqualTo(Duration.ofHours(hours));
  }

  @Test
  void theNewestCounts() {
    List<Instant> completed = List.of(at("05T02"), at("04T02"), at("03T02"));
    BackupHealth health = BackupHealth.of(completed, CREATED, DAY, at("06T01"));
    assertThat(health.healthy()).isTrue();
    assertThat(health.newest()).isEqualTo(at("05T02"));
    assertThat(health.left()).isEqualTo(Duration.ofHours(1));
    assertThat(health.explanation())
        .isEqualTo("the newest good backup is of 2026-11-05T02:00:00Z; it may be 1 d old");
  }

  /** Nobody failed: the scheduler may be dead, or all is suspended. */
  @Test
  void withoutANewOneItTurnsByTimeAlone() {
    List<Instant> completed = List.of(at("05T02"));
    assertThat(BackupHealth.of(completed, CREATED, DAY, at("06T02")).healthy()).isTrue();
    BackupHealth health = BackupHealth.of(completed, CREATED, DAY, at("06T02").plusMillis(1));
    assertThat(health.healthy()).isFalse();
    assertThat(health.left()).isZero();
    assertThat(health.explanation())
        .isEqualTo(
            "the newest good backup is of 2026-11-05T02:00:00Z, and may be no older than 1 d")
        .isEqualTo(BackupHealth.of(completed, CREATED, DAY, at("20T02")).explanation());
  }

  @Test
  void oneThatNeverSucceededIsJudgedFromItsCreation() {
    assertThat(BackupHealth.of(List.of(), CREATED, DAY, at("02T00")).healthy()).isTrue();
    BackupHealth health = BackupHealth.of(List.of(), CREATED, DAY, at("02T01"));
    assertThat(health.healthy()).isFalse();
    assertThat(health.newest()).isNull();
    assertThat(health.explanation())
        .isEqualTo("there is no good backup, and there should be one within 1 d of creation");
  }

  /** A clock that was three hours ahead made it. */
  @Test
  void aBackupOfTheFutureProvesNothing() {
    List<Instant> completed = List.of(at("09T02"), at("05T02"));
    assertThat(BackupHealth.of(completed, CREATED, DAY, at("06T03")).healthy()).isFalse();
    assertThat(BackupHealth.of(completed, CREATED, DAY, at("09T02")).healthy()).isTrue();
    // Two clocks are never quite the same.
    assertThat(BackupHealth.of(completed, CREATED, DAY, at("09T02").minusSeconds(60)).newest())
        .isEqualTo(at("09T02"));
    assertThat(BackupHealth.of(completed, CREATED, DAY, at("09T02").minusSeconds(60)).age())
        .isZero();
  }

  private static Instant at(String dayAndHour) {
    return Instant.parse("2026-11-" + dayAndHour + ":00:00Z");
  }
}
