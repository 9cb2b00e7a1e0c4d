package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.model.Annotations;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a server that is served is looked at again. */
class ConnectionLookTest {
  private static final Instant BEGIN = Instant.parse("2026-11-22T02:00:00Z");
  private static final Duration USUAL = Duration.ofMinutes(15);

  @Test
  void whoWasLetInIsLookedAtAfterTheUsualPauseAndInstancesDoNotStayInStep() {
    Set<Instant> moments = new TreeSet<>();
    for (int instance = 0; instance < 50; instance++) {
      ConnectionLook look = ConnectionLook.first("%08x".formatted(instance), BEGIN);
      Instant again = look.again(true, USUAL);
      assertThat(again).isBetween(BEGIN.plusSeconds(810), BEGIN.plusSeconds(990));
      assertThat(again).isEqualTo(look.again(true, USUAL));
      moments.add(again);
    }
    assertThat(moments).hasSizeGreaterThan(10);
  }

  @Test
  void PHX_32_whoWasNotIsLookedAtSoonAndThenEverMoreRarely() {
    ConnectionLook look = ConnectionLook.first("1a2b3c4d", BEGIN);
    long[] most = {66, 132, 264, 528, 990, 990, 990};
    for (long seconds : most) {
      Instant again = look.again(false, USUAL);
      assertThat(Duration.between(look.made(), again).toSeconds())
          .isBetween(seconds * 9 / 11 - 1, seconds);
      assertThat(look.due(again.minusSeconds(1), false, USUAL)).isFalse();
      assertThat(look.due(again, false, USUAL)).isTrue();
      look = look.next(again, false);
    }
    for (int turn = 0; turn < 100; turn++) {
      look = look.next(look.again(false, USUAL), false);
    }
    assertThat(look.again(false, USUAL)).isBefore(look.made().plusSeconds(991));
    assertThat(look.next(look.made(), true).failed()).isZero();
    assertThat(look.turn()).isEqualTo(most.length + 101);
  }

  @Test
  void aPauseThatIsShorterThanTheFirstIsNotMadeLonger() {
    ConnectionLook look = ConnectionLook.first("1a2b3c4d", BEGIN).next(BEGIN, false);
    assertThat(look.again(false, Duration.ofMinutes(1))).isBefore(BEGIN.plusSeconds(67));
  }

  @Test
  void aClockThatWasSetBackMakesNobodyWaitForIt() {
    ConnectionLook look = ConnectionLook.first("1a2b3c4d", BEGIN);
    assertThat(look.due(BEGIN.minus(Duration.ofDays(1)), true, USUAL)).isTrue();
  }

  @Test
  void aJobHasItWrittenDown() {
    ConnectionLook look = ConnectionLook.first("1a2b3c4d", BEGIN).next(BEGIN, false);
    assertThat(look.text()).isEqualTo("1a2b3c4d 2 1 2026-11-22T02:00:00Z");
    assertThat(Objects.requireNonNull(ConnectionLook.of(job(look.text())))).isEqualTo(look);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1a2b3c4d", "1a2b3c4d 2 1 soon", "x 2 1 2026-11-22T02:00:00Z", "1 2 3 4"})
  void whatIsSpoiledIsNone(String text) {
    assertThat(ConnectionLook.of(job(text))).isNull();
  }

  private static Job job(String text) {
    return new JobBuilder()
        .withNewMetadata()
        .addToAnnotations(Annotations.CONNECTION, text)
        .endMetadata()
        .build();
  }
}
