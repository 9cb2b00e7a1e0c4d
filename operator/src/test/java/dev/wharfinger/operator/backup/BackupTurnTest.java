package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.operator.backup.BackupTurn.After;
import dev.wharfinger.operator.backup.BackupTurn.Late;
import dev.wharfinger.operator.backup.BackupTurn.Make;
import dev.wharfinger.operator.backup.BackupTurn.Nothing;
import dev.wharfinger.operator.backup.BackupTurn.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a schedule asks for, told by the StorageBackups that are there. */
class BackupTurnTest {
  private static final Instant CREATED = Instant.parse("2026-11-01T10:00:00Z");
  private static final Schedule NIGHTLY = Schedule.of("0 2 * * *", null);
  private static final Instant MONDAY = Instant.parse("2026-11-02T02:00:00Z");
  private static final Instant TUESDAY = Instant.parse("2026-11-03T02:00:00Z");

  private final List<BackupRecord> records = new ArrayList<>();
  private boolean suspended;
  private @Nullable Duration deadline;
  private @Nullable Anchor kept = new Anchor(NIGHTLY.fingerprint(), CREATED, true, false);
  private @Nullable Instant keptLast;

  @Test
  void aSlotIsMadeOnceAndTheNextOneIsWaitedFor() {
    assertThat(at("2026-11-02T02:00:00Z"))
        .returns(new Make(new Slot(MONDAY), 1, Trigger.SCHEDULED, 0), BackupTurn::what)
        .returns(TUESDAY, BackupTurn::wake);
    slot(MONDAY, 1, null, "", null);
    assertThat(at("2026-11-02T02:00:01Z"))
        .returns(new Nothing(), BackupTurn::what)
        .returns(MONDAY, BackupTurn::lastSlot)
        .returns(TUESDAY, BackupTurn::wake);
  }

  @Test
  void whoseStorageBackupWasDeletedIsNotMadeAgain() {
    keptLast = MONDAY;
    assertThat(at("2026-11-02T03:00:00Z").what()).isEqualTo(new Nothing());
  }

  /** What is lost with the status is told by the StorageBackups. */
  @Test
  void withoutAStatusTheLastStorageBackupTellsHowFarItHadCome() {
    kept = null;
    completed(MONDAY, MONDAY.plusSeconds(5));

    assertThat(at("2026-11-02T12:00:00Z"))
        .returns(new Nothing(), BackupTurn::what)
        .returns(MONDAY, t -> t.anchor().since());
    assertThat(at("2026-11-03T02:00:00Z").what())
        .isEqualTo(new Make(new Slot(TUESDAY), 1, Trigger.SCHEDULED, 0));
  }

  @Test
  void afterTwoWeeksThereIsOneForTheLatestSlot() {
    completed(MONDAY, MONDAY.plusSeconds(5));

    assertThat(at("2026-11-16T12:00:00Z").what())
        .isEqualTo(
            new Make(new Slot(Instant.parse("2026-11-16T02:00:00Z")), 1, Trigger.CATCH_UP, 13));
  }

  @Test
  void oneThatHasNotEndedIsWaitedForAndStandsForTheSlotsThatCameBeforeItsData() {
    slot(MONDAY, 1, null, "", null);
    assertThat(at("2026-11-04T02:00:00Z").what()).isEqualTo(new After("notes-s-20261102t020000z"));

    records.clear();
    completed(MONDAY, Instant.parse("2026-11-04T05:00:00Z"));

    assertThat(at("2026-11-04T05:01:00Z"))
        .returns(new Nothing(), BackupTurn::what)
        .returns(Instant.parse("2026-11-04T02:00:00Z"), BackupTurn::lastSlot)
        .returns(Instant.parse("2026-11-05T02:00:00Z"), BackupTurn::wake);
  }

  @Test
  void whatMayBeOtherwiseSoonIsTriedAgainUnderTheNameOfTheSameSlot() {
    failed(MONDAY, 1, "BackupFailed", "2026-11-02T02:10:00Z");
    assertThat(at("2026-11-02T02:10:59Z"))
        .returns(new Nothing(), BackupTurn::what)
        .returns(Instant.parse("2026-11-02T02:11:00Z"), BackupTurn::wake);
    assertThat(at("2026-11-02T02:11:00Z").what())
        .isEqualTo(new Make(new Slot(MONDAY), 2, Trigger.RETRY, 0));

    failed(MONDAY, 2, "BackupTimeout", "2026-11-02T03:00:00Z");
    assertThat(at("2026-11-02T03:05:00Z").what())
        .isEqualTo(new Make(new Slot(MONDAY), 3, Trigger.RETRY, 0));
    failed(MONDAY, 3, "BackupFailed", "2026-11-02T04:00:00Z");
    assertThat(at("2026-11-02T04:15:00Z").what())
        .isEqualTo(new Make(new Slot(MONDAY), 4, Trigger.RETRY, 0));
    failed(MONDAY, 4, "BackupFailed", "2026-11-02T05:00:00Z");
    assertThat(at("2026-11-02T23:00:00Z").what()).isEqualTo(new Nothing());
  }

  @Test
  void whatOnlyAPersonCanMendIsNotTriedAgain() {
    failed(MONDAY, 1, "BackupRefused", "2026-11-02T02:10:00Z");

    assertThat(at("2026-11-02T12:00:00Z"))
        .returns(new Nothing(), BackupTurn::what)
        .returns(TUESDAY, BackupTurn::wake);
    assertThat(at("2026-11-03T02:00:00Z").what())
        .isEqualTo(new Make(new Slot(TUESDAY), 1, Trigger.SCHEDULED, 0));
  }

  @Test
  void whereSomebodyHasMadeAGoodOneSinceNothingIsTriedAgain() {
    failed(MONDAY, 1, "BackupFailed", "2026-11-02T02:10:00Z");
    add("by-hand", null, 1, BackupPhase.COMPLETED, "Completed", "2026-11-02T02:10:30Z");

    assertThat(at("2026-11-02T02:30:00Z").what()).isEqualTo(new Nothing());
  }

  @Test
  void theNextSlotGoesBeforeAnotherAttempt() {
    failed(MONDAY, 1, "BackupFailed", "2026-11-03T01:59:30Z");

    assertThat(at("2026-11-03T01:59:40Z").wake()).isEqualTo(TUESDAY);
    assertThat(at("2026-11-03T02:00:40Z").what())
        .isEqualTo(new Make(new Slot(TUESDAY), 1, Trigger.SCHEDULED, 0));
  }

  @Test
  void suspendedNothingIsMadeAndNothingTriedAgain() {
    failed(MONDAY, 1, "BackupFailed", "2026-11-02T02:10:00Z");
    suspended = true;

    assertThat(at("2026-11-09T02:11:00Z"))
        .returns(new Nothing(), BackupTurn::what)
        .returns(null, BackupTurn::wake)
        .returns(true, t -> t.anchor().suspended());
  }

  @Test
  void whatIsTooLateIsSaidOnceAndKept() {
    deadline = Duration.ofHours(1);
    BackupTurn turn = at("2026-11-03T12:00:00Z");

    assertThat(turn.what()).isEqualTo(new Late(new Slot(TUESDAY), 2));
    keptLast = turn.lastSlot();
    assertThat(at("2026-11-03T12:00:00Z").what()).isEqualTo(new Nothing());
  }

  private BackupTurn at(String now) {
    BackupPolicy policy =
        new BackupPolicy(
            NIGHTLY,
            suspended,
            Duration.ZERO,
            deadline,
            Duration.ofHours(49),
            NIGHTLY.zone(),
            null);
    return BackupTurn.of(
        policy, CREATED, kept, keptLast, new BackupHistory(records), Instant.parse(now));
  }

  private void completed(Instant slot, Instant consistentAt) {
    slot(slot, 1, BackupPhase.COMPLETED, "Completed", consistentAt.toString());
  }

  private void failed(Instant slot, int attempt, String reason, String finished) {
    slot(slot, attempt, BackupPhase.FAILED, reason, finished);
  }

  private void slot(
      Instant slot, int attempt, @Nullable BackupPhase phase, String reason, @Nullable String at) {
    add(new Slot(slot).name("notes", attempt), new Slot(slot), attempt, phase, reason, at);
  }

  private void add(
      String name,
      @Nullable Slot slot,
      int attempt,
      @Nullable BackupPhase phase,
      String reason,
      @Nullable String at) {
    records.add(
        new BackupRecord(
            name,
            slot,
            attempt,
            slot == null ? CREATED : slot.at(),
            phase == null
                ? null
                : Ends.of(phase, reason, Instant.parse(Objects.requireNonNull(at)))));
  }
}
