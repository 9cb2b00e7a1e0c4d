package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@code BackupHealthy} says, and that it names what a person has to look at. */
class BackupConditionTest {
  private static final Instant CREATED = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant READ = Instant.parse("2026-11-05T02:00:00Z");
  private static final Duration TWO_DAYS = Duration.ofDays(2);
  private static final BackupHistory NOTHING = new BackupHistory(List.of());

  @Test
  void aYoungInstanceNeedsNoBackupYet() {
    assertThat(of(null, CREATED.plus(Duration.ofDays(1)), NOTHING, false, null))
        .returns("True", Condition::getStatus)
        .returns("NoBackupYet", Condition::getReason);
  }

  @Test
  void aRecentOneIsGood() {
    assertThat(of(READ, READ.plus(TWO_DAYS), NOTHING, false, "a move"))
        .returns("True", Condition::getStatus)
        .returns("BackupRecent", Condition::getReason)
        .returns(true, c -> c.getMessage().contains(READ.toString()))
        .returns(false, c -> c.getMessage().contains("a move"));
  }

  @Test
  void itIsSaidWhatIsTooOldAndWhy() {
    assertThat(of(READ, READ.plus(TWO_DAYS).plusSeconds(1), NOTHING, false, "a move"))
        .returns("False", Condition::getStatus)
        .returns("BackupTooOld", Condition::getReason)
        .returns(true, c -> c.getMessage().endsWith("; one is due and waits: a move"));
    assertThat(of(null, CREATED.plus(Duration.ofDays(3)), NOTHING, true, null))
        .returns("False", Condition::getStatus)
        .returns("NoBackup", Condition::getReason)
        .returns(true, c -> c.getMessage().endsWith("; backup.suspend is true"));
  }

  @Test
  void theLastFailureSinceTheLastGoodOneIsNamed() {
    Instant now = READ.plus(Duration.ofDays(3));
    BackupRecord before = failed("before", READ.minusSeconds(60));
    BackupRecord first = failed("first", READ.plusSeconds(60));
    BackupRecord last = failed("last", READ.plusSeconds(120));
    BackupRecord good = ended("good", BackupPhase.COMPLETED, "Completed", READ);

    assertThat(of(READ, now, history(good, last, before, first), false, null).getMessage())
        .endsWith("; last ended with BackupFailed");
    assertThat(of(READ, now, history(good, before), false, null).getMessage())
        .doesNotContain("BackupFailed");
  }

  @Test
  void aScheduleThatCannotBeFollowedIsSaidByItsField() {
    assertThat(BackupCondition.of(new ScheduleException("jitter", "too much")))
        .returns("False", Condition::getStatus)
        .returns("ScheduleInvalid", Condition::getReason)
        .returns("spec.backup.jitter: too much", Condition::getMessage);
  }

  @Test
  void PIP_05_databasesThatStayFilesAreInNoSetOfTheServer() {
    Condition recent = of(CREATED, CREATED.plusSeconds(60), history(), false, null);
    assertThat(BackupCondition.without(recent, List.of())).isEqualTo(recent);
    assertThat(BackupCondition.without(recent, List.of("checkpoints.db")))
        .returns("True", Condition::getStatus)
        .returns(
            recent.getMessage()
                + "; checkpoints.db of sqlite.unmovedDatabases are in no set of PostgreSQL: keep copies of your own",
            Condition::getMessage);
  }

  private static Condition of(
      @Nullable Instant newest,
      Instant now,
      BackupHistory history,
      boolean suspended,
      @Nullable String waiting) {
    List<Instant> completed = newest == null ? List.of() : List.of(newest);
    return BackupCondition.of(
        BackupHealth.of(completed, CREATED, TWO_DAYS, now), history, suspended, waiting);
  }

  private static BackupHistory history(BackupRecord... records) {
    return new BackupHistory(List.of(records));
  }

  private static BackupRecord failed(String name, Instant at) {
    return ended(name, BackupPhase.FAILED, "BackupFailed", at);
  }

  private static BackupRecord ended(String name, BackupPhase phase, String reason, Instant at) {
    return new BackupRecord(name, null, 1, at, Ends.of(phase, reason, at));
  }
}
