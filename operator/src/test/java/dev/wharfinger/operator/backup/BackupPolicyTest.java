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

/** What an instance says of when backups are due, with what holds where it says nothing. */
class BackupPolicyTest {
  @Test
  void whoSaysNothingOfBackupsHasNoPolicy() {
    assertThat(BackupPolicy.of(instance("{}"))).isNull();
  }

  @Test
  void withoutAScheduleNothingIsDueAndNoAgeIsTooGreat() {
    assertThat(policy("{}"))
        .isEqualTo(
            new BackupPolicy(null, false, Duration.ZERO, null, null, ZoneId.of("Etc/UTC"), null));
    assertThat(policy("{maxAge: 3d}").maxAge()).isEqualTo(Duration.ofDays(3));
  }

  @Test
  void ofAScheduleTheRestIsFilledIn() {
    BackupPolicy policy = policy("{schedule: '0 2 * * *'}");
    assertThat(policy.schedule()).isNotNull();
    assertThat(policy)
        .returns(false, BackupPolicy::suspended)
        .returns(null, BackupPolicy::startingDeadline)
        .returns(Duration.ofHours(49), BackupPolicy::maxAge)
        .returns(null, BackupPolicy::retention);
    assertThat(policy.jitter()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
    assertThat(policy("{schedule: '0 2 * * *'}").jitter()).isEqualTo(policy.jitter());
  }

  @Test
  void whatIsSaidHolds() {
    assertThat(
            policy(
                "{schedule: '@daily', timeZone: Europe/Berlin, suspend: true, jitter: 0s, startingDeadline: 6h,"
                    + " maxAge: 90m}"))
        .returns(ZoneId.of("Europe/Berlin"), BackupPolicy::zone)
        .returns(true, BackupPolicy::suspended)
        .returns(Duration.ZERO, BackupPolicy::jitter)
        .returns(Duration.ofHours(6), BackupPolicy::startingDeadline)
        .returns(Duration.ofMinutes(90), BackupPolicy::maxAge);
  }

  @Test
  void rulesOfRetentionAreFilledInOneByOne() {
    assertThat(policy("{retention: {}}").retention()).isEqualTo(RetentionRules.DEFAULT);
    assertThat(policy("{retention: {keepDaily: 0, minimum: 5, maxAge: 365d}}").retention())
        .isEqualTo(new RetentionRules(3, 0, 0, 4, 6, 5, Duration.ofDays(365)));
  }

  @Test
  void whatCannotBeFollowedIsRefusedByTheNameOfItsField() {
    refused("{schedule: '0 0 31 2 *'}", "schedule: ");
    refused("{schedule: '0 2 * * *', timeZone: Europe/Berlim}", "timeZone: ");
    refused("{schedule: '*/5 * * * *', jitter: 10m}", "jitter: ");
  }

  private static void refused(String backup, String field) {
    assertThatThrownBy(() -> policy(backup))
        .isInstanceOfSatisfying(
            ScheduleException.class, e -> assertThat(e.explanation()).startsWith(field));
  }

  private static BackupPolicy policy(String backup) {
    return Objects.requireNonNull(BackupPolicy.of(instance("{backup: %s}".formatted(backup))));
  }

  private static StorageInstance instance(@Nullable String spec) {
    return Yaml.read(
        StorageInstance.class,
        """
        apiVersion: wharfinger.dev/v1alpha1
        kind: StorageInstance
        metadata: {name: notes, namespace: shop, uid: uid-1}
        spec: %s
        """
            .formatted(spec));
  }
}
