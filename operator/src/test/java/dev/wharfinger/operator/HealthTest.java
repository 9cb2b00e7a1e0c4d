package dev.wharfinger.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthTest {
  @Test
  void waitingForANamespaceIsNotReadyAndNoReasonToRestart() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    InstantSource source = now::get;
    AtomicBoolean waiting = new AtomicBoolean(true);
    try (KubernetesClient nobody =
        new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
      Operator stopped = new Operator(o -> o.withKubernetesClient(nobody));
      Health health = new Health(stopped, waiting::get, source.withZone(ZoneOffset.UTC));
      assertThat(health.ready()).isFalse();
      now.set(Instant.EPOCH.plus(Duration.ofHours(1)));
      assertThat(health.live()).isTrue();

      waiting.set(false);
      assertThat(health.live()).isTrue();
      now.set(Instant.EPOCH.plus(Duration.ofHours(2)));
      assertThat(health.live()).isFalse();
      assertThat(health.ready()).isFalse();
    }
  }
}
