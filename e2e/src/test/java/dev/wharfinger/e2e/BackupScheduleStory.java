package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A set is there when its time has come, and nobody has asked for it. */
class BackupScheduleStory {
  private static final DateTimeFormatter IN_A_NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  @RegisterExtension static final Story story = new Story("schedule", 1);

  @Test
  void PIP_19_aSetIsThereWhenItsSlotHasComeAndSuspendEndsThat() {
    for (String file : List.of("storageinstance.yaml", "application.yaml")) {
      Shell.run(
          "kubectl",
          "apply",
          "-n",
          story.namespace(),
          "-f",
          Shell.TOP.resolve("examples/backup/" + file).toString());
    }
    story.instance("diary").awaitReady();
    story.pods().awaitReadyOf("diary");

    Instant slot = minuteAfter(Duration.ofSeconds(10));
    schedule(slot, false);
    await("the next three slots")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(next()).hasSize(3).startsWith(slot.toString()).doesNotHaveDuplicates());
    assertThat(made()).isEmpty();

    String name = "diary-s-" + IN_A_NAME.format(slot);
    await(name)
        .atMost(Duration.ofMinutes(4))
        .untilAsserted(() ->
            assertThat(made())
                .singleElement()
                .satisfies(backup -> {
                  assertThat(backup.getMetadata().getName()).isEqualTo(name);
                  assertThat(backup.getStatus()).isNotNull();
                  assertThat(backup.getStatus().phase()).isEqualTo(BackupPhase.COMPLETED);
                }));
    await("the success")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(overview())
                .isNotNull()
                .returns(slot.toString(), BackupOverview::lastSlot)
                .extracting(BackupOverview::lastSuccessful)
                .isNotNull()
                .returns(name, BackupOverview.LastSuccessful::name));

    Instant suspended = minuteAfter(Duration.ZERO);
    schedule(suspended, true);
    await("the slot passes")
        .atMost(Duration.ofMinutes(2))
        .until(() -> Instant.now().isAfter(suspended.plusSeconds(1)));
    // Whatever the operator would do for that slot, it has done when it has told of this change.
    story.instance("diary").patch("{\"spec\":{\"backup\":{\"maxAge\":\"49h\"}}}");
    story.instance("diary").awaitReady();
    assertThat(next()).isEmpty();
    assertThat(made()).hasSize(1);
  }

  /** The first minute that begins so much later, at least. */
  private static Instant minuteAfter(Duration least) {
    return Instant.now().plus(least).truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
  }

  private static void schedule(Instant slot, boolean suspended) {
    ZonedDateTime at = slot.atZone(ZoneOffset.UTC);
    story
        .instance("diary")
        .patch(
            "{\"spec\":{\"backup\":{\"schedule\":\"%d %d * * *\",\"jitter\":\"0s\",\"suspend\":%s}}}"
                .formatted(at.getMinute(), at.getHour(), suspended));
  }

  private static @Nullable BackupOverview overview() {
    return Objects.requireNonNull(story.instance("diary").existing().getStatus()).backup();
  }

  private static List<String> next() {
    BackupOverview overview = overview();
    return overview == null || overview.next() == null ? List.of() : overview.next();
  }

  private static List<StorageBackup> made() {
    return story
        .client()
        .resources(StorageBackup.class)
        .inNamespace(story.namespace())
        .withLabel("wharfinger.dev/backup-slot")
        .list()
        .getItems();
  }
}
