package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A restore that failed for a cause that may pass is tried again, and not at once. */
class RestoreRetryTest {
  private static final Instant FAILED = Instant.parse("2026-11-22T02:00:00Z");

  @Test
  void itWaitsForAWhile() {
    RestoreRetry before = new RestoreRetry(failed(FAILED.toString()), FAILED.plusSeconds(60));
    assertThat(before.due()).isFalse();
    Instant then = before.now().plus(before.remaining());
    assertThat(new RestoreRetry(before.job(), then).due()).isTrue();
    assertThat(before.remaining()).isLessThan(Duration.ofMinutes(5));
  }

  @Test
  void aTimeThatNobodyCanReadKeepsNobodyWaiting() {
    assertThat(new RestoreRetry(failed("once"), FAILED).due()).isTrue();
    assertThat(new RestoreRetry(failed(null), FAILED).due()).isTrue();
  }

  private static Job failed(@Nullable String at) {
    return new JobBuilder()
        .withNewStatus()
        .addNewCondition()
        .withType("Failed")
        .withStatus("True")
        .withLastTransitionTime(at)
        .endCondition()
        .endStatus()
        .build();
  }
}
