package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.model.Annotations;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a schema is read again that is not as expected. */
class ReadingTest {
  private static final Instant BEGIN = Instant.parse("2026-11-22T02:00:00Z");

  @Test
  void thePauseGrowsFromTurnToTurnAndNoLongerThanTenMinutes() {
    Reading reading = Reading.first(BEGIN, "a");
    assertThat(reading.pause()).isEqualTo(Duration.ofSeconds(25));
    int turns = 0;
    while (reading.again().isBefore(BEGIN.plus(Duration.ofDays(1)))) {
      Reading next = reading.next(reading.again(), "a");
      assertThat(next.turn()).isEqualTo(reading.turn() + 1);
      assertThat(next.pause())
          .isGreaterThanOrEqualTo(reading.pause())
          .isLessThanOrEqualTo(Duration.ofMinutes(10));
      reading = next;
      turns++;
    }
    assertThat(reading.pause()).isEqualTo(Duration.ofMinutes(10));
    assertThat(turns).isLessThan(24 * 6 + 20);
  }

  @Test
  void itIsDueWhenThePauseIsOverAndNotBefore() {
    Reading reading = Reading.first(BEGIN, "a").next(BEGIN, "a").next(BEGIN, "a");
    assertThat(reading.due(reading.again().minusSeconds(1), "a")).isFalse();
    assertThat(reading.due(reading.again(), "a")).isTrue();
  }

  @Test
  void anotherPodIsLookedAtSoonAndThePauseIsShortAgain() {
    Reading reading = Reading.first(BEGIN, "a");
    for (int i = 0; i < 30; i++) {
      reading = reading.next(BEGIN, "a");
    }
    assertThat(reading.due(BEGIN.plusSeconds(24), "b")).isFalse();
    assertThat(reading.due(BEGIN.plusSeconds(25), "b")).isTrue();
    assertThat(reading.next(BEGIN.plusSeconds(25), "b"))
        .returns(Duration.ofSeconds(25), Reading::pause)
        .returns(32, Reading::turn);
  }

  @Test
  void aClockThatWasSetBackMakesNobodyWaitForIt() {
    assertThat(Reading.first(BEGIN, "a").due(BEGIN.minus(Duration.ofDays(1)), "a")).isTrue();
  }

  @Test
  void aJobHasItWrittenDown() {
    Reading reading = Reading.first(BEGIN, "1a2b3c4d").next(BEGIN, "1a2b3c4d");
    assertThat(Reading.of(job(reading.text()))).isEqualTo(reading);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "7 PT1S 2026-11-22T02:00:00Z a",
        "7 PT11M 2026-11-22T02:00:00Z a",
        "7 soon 2026-11-22T02:00:00Z a",
        "7 PT25S tomorrow a"
      })
  void whatIsSpoiledIsOfTheFirstKind(String text) {
    assertThat(Reading.of(job(text)))
        .returns(0, Reading::turn)
        .returns(Duration.ofSeconds(25), Reading::pause)
        .returns(BEGIN.plusSeconds(25), Reading::again);
  }

  private static Job job(String text) {
    return new JobBuilder()
        .withNewMetadata()
        .withCreationTimestamp(BEGIN.toString())
        .addToAnnotations(Annotations.READING, text)
        .endMetadata()
        .build();
  }
}
