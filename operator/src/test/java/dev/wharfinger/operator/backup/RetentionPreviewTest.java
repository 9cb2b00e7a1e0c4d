package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of the sets that would go. */
class RetentionPreviewTest {
  private static final Schedule NIGHTLY = Schedule.of("0 2 * * *", null);
  private static final Instant NOW = Instant.parse("2026-11-06T12:00:00Z");
  private static final BackupHistory FIVE_NIGHTS =
      new BackupHistory(
          IntStream.rangeClosed(2, 6)
              .mapToObj(day -> night("2026-11-0%dT02:00:05Z".formatted(day)))
              .toList());

  @Test
  void withoutRulesNothingIsSaid() {
    assertThat(preview(null, true, NOW)).isNull();
  }

  @Test
  void firstIsSaidWhatWouldGoAtOnceAndThenWhatGoesWithTheNextSlots() {
    BackupOverview.Retention preview =
        Objects.requireNonNull(preview(new RetentionRules(3, 0, 0, 0, 0, 1, null), true, NOW));

    assertThat(preview.frozen()).isNull();
    assertThat(preview.next())
        .extracting(BackupOverview.Going::consistentAt, BackupOverview.Going::after)
        .startsWith(
            org.assertj.core.groups.Tuple.tuple("2026-11-02T02:00:05Z", "now"),
            org.assertj.core.groups.Tuple.tuple("2026-11-03T02:00:05Z", "now"),
            org.assertj.core.groups.Tuple.tuple("2026-11-04T02:00:05Z", "2026-11-07T02:00:00Z"));
    assertThat(preview.next().getFirst().why()).isEqualTo(Gone.SURPLUS.text());
  }

  @Test
  void itIsTheSameUntilASlotPasses() {
    RetentionRules rules = new RetentionRules(3, 0, 0, 0, 0, 1, null);
    assertThat(preview(rules, true, NOW)).isEqualTo(preview(rules, true, NOW.plusSeconds(3600)));
  }

  @Test
  void whileBackupsFailNothingWouldGo() {
    BackupOverview.Retention preview =
        Objects.requireNonNull(preview(new RetentionRules(3, 0, 0, 0, 0, 1, null), false, NOW));

    assertThat(preview.frozen()).isNotNull();
    assertThat(preview.next()).isNotEmpty().allSatisfy(g -> assertThat(g.after()).isNull());
  }

  private static BackupOverview.@Nullable Retention preview(
      @Nullable RetentionRules rules, boolean healthy, Instant now) {
    BackupPolicy policy =
        new BackupPolicy(
            NIGHTLY, false, Duration.ZERO, null, Duration.ofHours(49), NIGHTLY.zone(), rules);
    return RetentionPreview.of(
        policy, Ends.LINEAGE, healthy, FIVE_NIGHTS, NIGHTLY.next(3, now), now);
  }

  private static BackupRecord night(String consistentAt) {
    Instant at = Instant.parse(consistentAt);
    return new BackupRecord(
        "notes-" + at.getEpochSecond(),
        null,
        1,
        at,
        Ends.of(BackupPhase.COMPLETED, "Completed", at));
  }
}
