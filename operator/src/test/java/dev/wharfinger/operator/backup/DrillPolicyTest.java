package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.Yaml;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an instance says of drills, with what holds where it says nothing. */
class DrillPolicyTest {
  @Test
  void whoSaysNothingOfDrillsHasNoPolicy() {
    assertThat(of("{}")).isNull();
    assertThat(of("{backup: {schedule: '@daily'}}")).isNull();
  }

  @Test
  void whoSaysOnlyThatTheyAreWantedHasOneEachWeek() {
    DrillPolicy policy = policy("{backup: {drill: {}}}");
    assertThat(policy.schedule().period()).isEqualTo(Duration.ofDays(7));
    assertThat(policy)
        .returns(false, DrillPolicy::suspended)
        .returns(Duration.ofDays(14).plusHours(1), DrillPolicy::maxAge)
        .returns(null, DrillPolicy::sizeLimit)
        .returns(null, DrillPolicy::identity);
    assertThat(policy.jitter()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
  }

  @Test
  void whatIsSaidHoldsInTheZoneOfBackups() {
    DrillPolicy policy =
        policy(
            "{backup: {timeZone: Europe/Berlin, drill: {schedule: '30 3 1 * *', suspend: true, sizeLimit: 2Gi,"
                + " identitySecretRef: {name: age}}}}");
    assertThat(policy.schedule().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(policy)
        .returns(true, DrillPolicy::suspended)
        .returns("2Gi", DrillPolicy::sizeLimit)
        .returns("age", DrillPolicy::identity)
        .returns("identity", DrillPolicy::identityKey);
  }

  @Test
  void aScheduleThatCannotBeFollowedIsRefused() {
    assertThatThrownBy(() -> of("{backup: {drill: {schedule: '0 0 31 2 *'}}}"))
        .isInstanceOf(ScheduleException.class);
  }

  private static DrillPolicy policy(String spec) {
    return Objects.requireNonNull(of(spec));
  }

  private static @Nullable DrillPolicy of(String spec) {
    return DrillPolicy.of(
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: notes, namespace: shop, uid: uid-1}
            spec: %s
            """
                .formatted(spec)));
  }
}
