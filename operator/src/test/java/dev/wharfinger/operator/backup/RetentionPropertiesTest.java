package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.backup.BackupSet.Level;
import dev.wharfinger.operator.backup.BackupSet.State;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for whatever sets and rules there are, by chance but each time the same. */
class RetentionPropertiesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final ZoneId ZONE = ZoneId.of("Australia/Lord_Howe");
  private static final int CASES = 400;

  private Random random = new Random(0);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theFloorsHoldWhateverTheRulesAre(long seed) {
    random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      List<BackupSet> sets = sets();
      RetentionRules rules = rules();
      Set<BackupSet> gone = gone(plain(rules), sets);
      List<BackupSet> good =
          sets.stream()
              .filter(s -> s.state() == State.COMPLETED && !s.at().isAfter(NOW.plusSeconds(60)))
              .sorted(Comparator.comparing(BackupSet::at))
              .toList()
              .reversed();

      assertThat(gone).as("held or in use").noneMatch(s -> s.held() || s.inUse());
      assertThat(gone)
          .as("neither good nor bad")
          .allMatch(
              s -> EnumSet.of(State.COMPLETED, State.FAILED, State.DELETING).contains(s.state()));
      stays(gone, good, s -> true, "the newest");
      stays(gone, good, s -> s.level().compareTo(Level.RESTORED) >= 0, "the newest proven");
      stays(gone, good, s -> s.lineage().equals("now"), "the newest of the present lineage");
      assertThat(good.stream().limit(rules.minimum())).noneMatch(gone::contains);
      if (good.stream()
          .noneMatch(s -> s.lineage().equals("now") && s.level().compareTo(Level.RESTORED) >= 0)) {
        stays(gone, good, s -> s.lineage().equals("before"), "the newest of the lineage before");
      }
      assertThat(gone).noneMatch(s -> s.at().isAfter(NOW.plusSeconds(60)) && counts(s));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void theRulesHoldForWhatIsNotTooOld(long seed) {
    random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      List<BackupSet> sets = sets();
      RetentionRules rules = rules();
      Set<BackupSet> gone = gone(plain(rules), sets);
      List<BackupSet> young =
          sets.stream()
              .filter(s -> counts(s) && !s.at().isAfter(NOW.plusSeconds(60)))
              .filter(s -> rules.maxAge() == null || !s.at().isBefore(NOW.minus(rules.maxAge())))
              .sorted(Comparator.comparing(BackupSet::at).reversed())
              .toList();

      assertThat(young.stream().limit(rules.keepLast())).noneMatch(gone::contains);
      newestOfEach(gone, young, rules.keepDaily(), ZonedDateTime::toLocalDate);
      newestOfEach(gone, young, rules.keepMonthly(), YearMonth::from);
      newestOfEach(
          gone,
          young,
          rules.keepWeekly(),
          t -> t.get(IsoFields.WEEK_BASED_YEAR) * 100 + t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      newestOfEach(gone, young, rules.keepHourly(), t -> List.of(t.toLocalDate(), t.getHour()));
    }
  }

  /** A deletion may be broken off after any set, and be planned anew. */
  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9})
  void deletingInTheOrderOfThePlanChangesNothingForTheRest(long seed) {
    random = new Random(seed);
    int deletions = 0;
    for (int i = 0; i < CASES; i++) {
      Retention retention = plain(rules());
      List<BackupSet> sets = sets();
      List<BackupSet> order =
          retention.plan(sets, NOW).stream().filter(Verdict::deleted).map(Verdict::set).toList();
      assertThat(order).isSortedAccordingTo(Comparator.comparing(BackupSet::at));
      int done = random.nextInt(order.size() + 1);
      List<BackupSet> left = new ArrayList<>(sets);
      left.removeAll(order.subList(0, done));

      assertThat(retention.plan(left, NOW).stream().filter(Verdict::deleted).map(Verdict::set))
          .containsExactlyElementsOf(order.subList(done, order.size()));
      deletions += order.size();
    }
    assertThat(deletions).isGreaterThan(CASES);
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 11})
  void toAskForMoreNeverDeletesMore(long seed) {
    random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      List<BackupSet> sets = sets();
      RetentionRules less = rules();
      Set<BackupSet> gone = gone(plain(less), sets);
      RetentionRules more =
          new RetentionRules(
              less.keepLast() + random.nextInt(2),
              less.keepHourly() + random.nextInt(2),
              less.keepDaily() + random.nextInt(2),
              less.keepWeekly() + random.nextInt(2),
              less.keepMonthly() + random.nextInt(2),
              less.minimum() + random.nextInt(2),
              less.maxAge() == null ? null : less.maxAge().plusDays(random.nextInt(3)));
      assertThat(gone).containsAll(gone(plain(more), sets));

      BackupSet one = sets.get(random.nextInt(sets.size()));
      List<BackupSet> held = new ArrayList<>(sets);
      held.remove(one);
      held.add(
          new BackupSet(
              one.id(), one.at(), one.state(), one.level(), true, one.inUse(), one.lineage()));
      Set<BackupSet> rest = new HashSet<>(gone);
      rest.remove(one);
      assertThat(gone(plain(less), held)).as("one is held").isEqualTo(rest);

      assertThat(gone(new Retention(less, ZONE, "now", EnumSet.allOf(Freeze.class)), sets))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {12})
  void theOrderInWhichSetsAreListedDoesNotMatter(long seed) {
    random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      Retention retention = plain(rules());
      List<BackupSet> sets = sets();
      List<BackupSet> other = new ArrayList<>(sets);
      Collections.shuffle(other, random);
      assertThat(retention.plan(other, NOW)).isEqualTo(retention.plan(sets, NOW));
    }
  }

  private static boolean counts(BackupSet set) {
    return set.state() == State.COMPLETED;
  }

  private static void stays(
      Set<BackupSet> gone, List<BackupSet> good, Predicate<BackupSet> which, String what) {
    good.stream()
        .filter(which)
        .map(BackupSet::at)
        .findFirst()
        .ifPresent(at ->
            assertThat(good.stream().filter(which).filter(s -> s.at().equals(at)))
                .as(what)
                .anyMatch(s -> !gone.contains(s)));
  }

  /** Of the last buckets that have any. */
  private static void newestOfEach(
      Set<BackupSet> gone, List<BackupSet> young, int buckets, Function<ZonedDateTime, ?> bucket) {
    Set<Object> seen = new HashSet<>();
    for (BackupSet set : young) {
      if (seen.size() < buckets && seen.add(bucket.apply(set.at().atZone(ZONE)))) {
        assertThat(gone).doesNotContain(set);
      }
    }
  }

  private static Retention plain(RetentionRules rules) {
    return new Retention(rules, ZONE, "now", Set.of());
  }

  private static Set<BackupSet> gone(Retention retention, List<BackupSet> sets) {
    return retention.plan(sets, NOW).stream()
        .filter(Verdict::deleted)
        .map(Verdict::set)
        .collect(Collectors.toSet());
  }

  private RetentionRules rules() {
    return new RetentionRules(
        random.nextInt(4),
        random.nextInt(4),
        random.nextInt(5),
        random.nextInt(4),
        random.nextInt(4),
        random.nextInt(4),
        random.nextInt(3) == 0 ? Duration.ofDays(random.nextInt(60)) : null);
  }

  /** No two of the same moment, for the newest of them would be a matter of names. */
  private List<BackupSet> sets() {
    List<BackupSet> sets = new ArrayList<>();
    Instant at = NOW.plusSeconds(random.nextInt(10) == 0 ? 100_000 : 0);
    LocalDate moved = LocalDate.of(2026, 11, 1);
    for (int i = random.nextInt(40); i >= 0; i--) {
      at =
          at.minusSeconds(
              60 + (long) (random.nextDouble() * (random.nextBoolean() ? 7_200 : 400_000)));
      sets.add(
          new BackupSet(
              "s" + random.nextInt(1_000_000) + "-" + i,
              at,
              random.nextInt(3) > 0 ? State.COMPLETED : any(State.values()),
              random.nextInt(4) > 0 ? Level.STORED : any(Level.values()),
              random.nextInt(12) == 0,
              random.nextInt(12) == 0,
              at.isBefore(moved.atStartOfDay(ZONE).toInstant()) ? "before" : "now"));
    }
    Collections.shuffle(sets, random);
    return sets;
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
