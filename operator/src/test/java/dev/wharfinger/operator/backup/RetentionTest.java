package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.wharfinger.operator.backup.BackupSet.Level;
import dev.wharfinger.operator.backup.BackupSet.State;
import dev.wharfinger.operator.backup.Forecast.Going;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which sets stay, and why. */
class RetentionTest {
  private static final ZoneId UTC = ZoneId.of("Etc/UTC");
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final RetentionRules NONE = new RetentionRules(0, 0, 0, 0, 0, 0, null);

  private Retention retention = new Retention(RetentionRules.DEFAULT, UTC, "b", Set.of());

  @Test
  void CLB_04_soManyOfTheNewestAreKept() {
    retention = with(new RetentionRules(5, 0, 0, 0, 0, 0, null));
    assertThat(deleted(nightly(8))).containsExactly("d08", "d07", "d06");
  }

  /** The newest of each day, week and month that has any; the same set may serve for several. */
  @Test
  void aYearOfNightsByTheDefaultRules() {
    List<BackupSet> sets = nightly(365);
    List<String> kept =
        retention.plan(sets, NOW).stream()
            .filter(v -> !v.deleted())
            .map(v -> v.set().at().toString().substring(0, 10) + " " + v.explanation())
            .toList();

    assertThat(kept)
        .containsExactly(
            "2026-06-30 keepMonthly",
            "2026-07-31 keepMonthly",
            "2026-08-31 keepMonthly",
            "2026-09-30 keepMonthly",
            "2026-10-31 keepMonthly",
            "2026-11-01 keepWeekly",
            "2026-11-08 keepWeekly",
            "2026-11-15 keepWeekly",
            "2026-11-16 keepDaily",
            "2026-11-17 keepDaily",
            "2026-11-18 keepDaily",
            "2026-11-19 keepDaily",
            "2026-11-20 keepLast, keepDaily",
            "2026-11-21 minimum, keepLast, keepDaily",
            "2026-11-22 the newest, minimum, keepLast, keepDaily, keepWeekly, keepMonthly");
  }

  /** At 23:30 in UTC it is the next day in Berlin. */
  @Test
  void daysAreThoseOfTheSchedulesZone() {
    List<BackupSet> sets =
        List.of(
            good("a", "2026-11-20T22:30:00Z"),
            good("b", "2026-11-20T23:30:00Z"),
            good("c", "2026-11-21T10:00:00Z"));
    RetentionRules rules = new RetentionRules(0, 0, 2, 0, 0, 0, null);
    assertThat(deleted(with(rules), sets)).containsExactly("a");
    assertThat(deleted(new Retention(rules, ZoneId.of("Europe/Berlin"), "b", Set.of()), sets))
        .containsExactly("b");
  }

  @Test
  void hoursWithoutABackupDoNotCount() {
    retention = with(new RetentionRules(0, 3, 0, 0, 0, 0, null));
    assertThat(
            deleted(
                List.of(
                    good("a", "2026-11-01T10:10:00Z"),
                    good("b", "2026-11-01T10:50:00Z"),
                    good("c", "2026-11-10T11:00:00Z"),
                    good("d", "2026-11-22T11:59:59Z"))))
        .containsExactly("a");
  }

  @Test
  void whatIsTooOldGoesThoughARuleWouldKeepItAndTheMinimumStays() {
    retention = with(new RetentionRules(9, 0, 0, 0, 0, 2, Duration.ofDays(3)));
    List<Verdict> plan = retention.plan(nightly(6), NOW);
    assertThat(plan.stream().filter(Verdict::deleted).map(v -> v.set().id()))
        .containsExactly("d06", "d05", "d04");
    assertThat(plan.getFirst().gone()).isEqualTo(Gone.TOO_OLD);

    Instant later = NOW.plus(Duration.ofDays(100));
    assertThat(retention.plan(nightly(6), later).stream().filter(v -> !v.deleted()))
        .extracting(v -> v.set().id())
        .containsExactly("d02", "d01");
  }

  @Test
  void withoutAnyRuleTheNewestAndTheNewestProvenStay() {
    List<BackupSet> sets = new ArrayList<>(nightly(5));
    sets.set(3, proven(sets.get(3)));
    sets.set(4, proven(sets.get(4)));
    assertThat(deleted(with(NONE), sets)).containsExactly("d05", "d03", "d02");
  }

  /** One that is held keeps no other from going. */
  @Test
  void whatIsHeldOrInUseStays() {
    List<BackupSet> sets = new ArrayList<>(nightly(5));
    sets.set(4, change(sets.get(4), sets.get(4).state(), true, false));
    sets.set(2, change(sets.get(2), sets.get(2).state(), false, true));
    assertThat(deleted(with(NONE), sets)).containsExactly("d04", "d02");
  }

  /** Their number and size prove nothing: only completed sets count. */
  @Test
  void setsThatAreNotGoodKeepNoGoodOneFromStaying() {
    List<BackupSet> sets = new ArrayList<>();
    sets.add(good("good", "2026-09-01T02:00:00Z"));
    List<BackupSet> nights = nightly(20);
    for (int i = 0; i < nights.size(); i++) {
      State state =
          List.of(State.SUSPICIOUS, State.FAILED, State.UNFINISHED, State.LOST).get(i % 4);
      sets.add(change(nights.get(i), state, false, false));
    }
    retention = with(new RetentionRules(1, 0, 0, 0, 0, 1, null));
    List<Verdict> plan = retention.plan(sets, NOW);

    assertThat(plan.getFirst().set().id()).isEqualTo("good");
    assertThat(plan.getFirst().kept()).contains(Kept.NEWEST, Kept.LAST, Kept.MINIMUM);
    assertThat(plan.stream().filter(Verdict::deleted))
        .allMatch(v -> v.gone() == Gone.OLD_FAILURE)
        .hasSize(2);
    assertThat(plan.stream().filter(v -> v.kept().contains(Kept.RECENT_FAILURE))).hasSize(3);
  }

  @Test
  void whileBackupsFailNoneIsDeleted() {
    List<BackupSet> sets = new ArrayList<>(nightly(20));
    for (int i = 0; i < 10; i++) {
      sets.set(i, change(sets.get(i), State.FAILED, false, false));
    }
    retention =
        new Retention(
            new RetentionRules(1, 0, 0, 0, 0, 1, null), UTC, "b", Set.of(Freeze.UNHEALTHY));
    List<Verdict> plan = retention.plan(sets, NOW);

    assertThat(plan.stream().filter(Verdict::deleted))
        .allMatch(v -> v.set().state() == State.FAILED)
        .hasSize(7);
    assertThat(plan.getFirst().explanation())
        .isEqualTo("no rule keeps it, but nothing is deleted at present");
  }

  @ParameterizedTest
  @EnumSource(
      value = Freeze.class,
      names = {"UNHEALTHY"},
      mode = EnumSource.Mode.EXCLUDE)
  void whileTheTargetOrTheClockIsInDoubtNothingIsDeletedAtAll(Freeze freeze) {
    List<BackupSet> sets = new ArrayList<>(nightly(20));
    for (int i = 0; i < 10; i++) {
      sets.set(i, change(sets.get(i), i < 5 ? State.FAILED : State.DELETING, false, false));
    }
    assertThat(deleted(new Retention(NONE, UTC, "b", Set.of(freeze)), sets)).isEmpty();
  }

  /** Positions in a log begin anew with a new major version; the order of sets does not. */
  @Test
  void afterAMajorUpgradeTheNewSetsAreTheNewest() {
    List<BackupSet> sets = new ArrayList<>();
    for (BackupSet set : nightly(10)) {
      boolean before = set.at().isBefore(Instant.parse("2026-11-20T00:00:00Z"));
      // The names of the new ones sort before those of the old ones.
      sets.add(lineage(set, before ? "z-" + set.id() : "a-" + set.id(), before ? "a" : "b"));
    }
    retention = with(new RetentionRules(2, 0, 0, 0, 0, 2, null));
    assertThat(deleted(sets)).doesNotContain("a-d01", "a-d02", "z-d04").hasSize(7);

    Verdict former = verdict(sets, "z-d04");
    assertThat(former.kept()).containsExactly(Kept.FORMER_LINEAGE);
    sets.replaceAll(set -> set.id().equals("a-d01") ? proven(set) : set);
    assertThat(verdict(sets, "z-d04").deleted()).isTrue();
  }

  /** A set that a wrong clock dated does not push others out, and is not thrown away. */
  @Test
  void aSetOfTheFutureNeitherCountsNorGoes() {
    List<BackupSet> sets = new ArrayList<>(nightly(3));
    sets.add(good("future", "2027-01-01T00:00:00Z"));
    retention = with(new RetentionRules(1, 0, 0, 0, 0, 1, null));
    assertThat(deleted(sets)).containsExactly("d03", "d02");
    assertThat(verdict(sets, "future").kept()).containsExactly(Kept.FUTURE);
  }

  @Test
  void aDeletionThatWasBegunIsEnded() {
    List<BackupSet> sets = new ArrayList<>(nightly(3));
    sets.set(0, change(sets.get(0), State.DELETING, false, false));
    assertThat(verdict(sets, "d01").gone()).isEqualTo(Gone.BEGUN);
    assertThat(verdict(sets, "d02").kept()).contains(Kept.NEWEST);
  }

  @Test
  void whatGoesNextIsToldBeforehand() {
    List<BackupSet> sets = nightly(3);
    retention = with(new RetentionRules(3, 0, 0, 0, 0, 1, null));
    List<Instant> slots = Schedule.of("0 2 * * *", null).next(5, NOW);

    assertThat(Forecast.of(retention, sets, slots, 2, NOW))
        .extracting(g -> g.set().id(), Going::when, Going::why)
        .containsExactly(
            tuple("d03", slots.get(0), Gone.SURPLUS), tuple("d02", slots.get(1), Gone.SURPLUS));
    assertThat(Forecast.of(retention, sets, slots, 9, NOW)).hasSize(3);
    assertThat(Forecast.of(retention, sets, List.of(), 9, NOW)).isEmpty();

    Retention frozen = new Retention(NONE, UTC, "b", Set.of(Freeze.UNHEALTHY));
    assertThat(Forecast.of(frozen, sets, slots, 9, NOW))
        .extracting(g -> g.set().id(), Going::when)
        .containsExactly(tuple("d03", null), tuple("d02", null));
  }

  @Test
  void negativeNumbersAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetentionRules(3, 0, -1, 0, 0, 0, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetentionRules(3, 0, 0, 0, 0, 0, Duration.ofDays(-1)));
  }

  private List<String> deleted(List<BackupSet> sets) {
    return deleted(retention, sets);
  }

  private static List<String> deleted(Retention retention, List<BackupSet> sets) {
    return retention.plan(sets, NOW).stream()
        .filter(Verdict::deleted)
        .map(v -> v.set().id())
        .toList();
  }

  private Verdict verdict(List<BackupSet> sets, String id) {
    return Objects.requireNonNull(
        retention.plan(sets, NOW).stream()
            .filter(v -> v.set().id().equals(id))
            .findFirst()
            .orElse(null));
  }

  private static Retention with(RetentionRules rules) {
    return new Retention(rules, UTC, "b", Set.of());
  }

  /** d01 is of today. */
  private static List<BackupSet> nightly(int count) {
    List<BackupSet> sets = new ArrayList<>();
    Instant today = Instant.parse("2026-11-22T02:00:00Z");
    for (int i = 0; i < count; i++) {
      sets.add(good("d%02d".formatted(i + 1), today.minus(Duration.ofDays(i)).toString()));
    }
    return sets;
  }

  private static BackupSet good(String id, String at) {
    return new BackupSet(id, Instant.parse(at), State.COMPLETED, Level.STORED, false, false, "b");
  }

  private static BackupSet proven(BackupSet set) {
    return new BackupSet(
        set.id(), set.at(), set.state(), Level.RESTORED, set.held(), set.inUse(), set.lineage());
  }

  private static BackupSet change(BackupSet set, State state, boolean held, boolean inUse) {
    return new BackupSet(set.id(), set.at(), state, set.level(), held, inUse, set.lineage());
  }

  private static BackupSet lineage(BackupSet set, String id, String lineage) {
    return new BackupSet(id, set.at(), set.state(), set.level(), set.held(), set.inUse(), lineage);
  }
}
