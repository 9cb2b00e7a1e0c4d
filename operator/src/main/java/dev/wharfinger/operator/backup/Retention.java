package dev.wharfinger.operator.backup;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which sets stay and which go. Only completed sets count, in the order in which their data were
 * read. Whatever the rules are, what one would restore tomorrow stays.
 *
 * <p>Deleting any part of what goes changes nothing in what is said of the rest, so a deletion may
 * be broken off anywhere and planned anew.
 *
 * @param zone whose hours, days, weeks and months are meant
 * @param lineage the life of the data that the instance has now
 * @param freezes why nothing may be deleted at present; empty if it may
 */
public record Retention(RetentionRules rules, ZoneId zone, String lineage, Set<Freeze> freezes) {
  /** So many records of failures are kept. */
  private static final int FAILURES = 3;

  private static final List<Kept> COUNTING =
      List.of(Kept.LAST, Kept.HOURLY, Kept.DAILY, Kept.WEEKLY, Kept.MONTHLY);

  /** One for each set, the oldest first; what goes is to be deleted in this order. */
  public List<Verdict> plan(Collection<BackupSet> sets, Instant now) {
    Map<BackupSet, EnumSet<Kept>> kept = new HashMap<>();
    List<BackupSet> sorted = sets.stream().sorted(BackupSet.NEWEST_FIRST).toList();
    sorted.forEach(set -> kept.put(set, aside(set, now)));
    List<BackupSet> good = sorted.stream().filter(set -> counts(set, now)).toList();
    floors(good, kept);
    List<BackupSet> young = good.stream().filter(set -> !isTooOld(set, now)).toList();
    COUNTING.forEach(rule -> count(rule, young, kept));
    sorted.stream()
        .filter(set -> set.state() == BackupSet.State.FAILED)
        .limit(FAILURES)
        .forEach(set -> keep(kept, set, Kept.RECENT_FAILURE));
    return sorted.reversed().stream().map(set -> verdict(set, reasons(kept, set), now)).toList();
  }

  /** Reasons that a set has by itself. */
  private static EnumSet<Kept> aside(BackupSet set, Instant now) {
    EnumSet<Kept> kept = EnumSet.noneOf(Kept.class);
    if (set.held()) {
      kept.add(Kept.HELD);
    }
    if (set.inUse()) {
      kept.add(Kept.IN_USE);
    }
    switch (set.state()) {
      case SUSPICIOUS -> kept.add(Kept.SUSPICIOUS);
      case UNFINISHED -> kept.add(Kept.UNFINISHED);
      case LOST -> kept.add(Kept.LOST);
      case COMPLETED -> {
        if (isAhead(set, now)) {
          kept.add(Kept.FUTURE);
        }
      }
      case FAILED, DELETING -> {}
    }
    return kept;
  }

  private static boolean counts(BackupSet set, Instant now) {
    return set.state() == BackupSet.State.COMPLETED && !isAhead(set, now);
  }

  private static boolean isAhead(BackupSet set, Instant now) {
    return set.at().isAfter(now.plus(BackupHealth.SKEW));
  }

  private boolean isTooOld(BackupSet set, Instant now) {
    return rules.maxAge() != null && set.at().isBefore(now.minus(rules.maxAge()));
  }

  /** What stays whatever the rules are. */
  private void floors(List<BackupSet> good, Map<BackupSet, EnumSet<Kept>> kept) {
    good.stream().limit(rules.minimum()).forEach(set -> keep(kept, set, Kept.MINIMUM));
    Predicate<BackupSet> present = set -> set.lineage().equals(lineage);
    first(good, set -> true, kept, Kept.NEWEST);
    first(good, present, kept, Kept.NEWEST);
    first(good, BackupSet::isProven, kept, Kept.NEWEST_PROVEN);
    first(good, present.and(BackupSet::isProven), kept, Kept.NEWEST_PROVEN);
    if (good.stream().noneMatch(present.and(BackupSet::isProven))) {
      Set<String> seen = new HashSet<>();
      good.stream()
          .filter(present.negate())
          .filter(set -> seen.add(set.lineage()))
          .forEach(set -> keep(kept, set, Kept.FORMER_LINEAGE));
    }
  }

  private static void first(
      List<BackupSet> good,
      Predicate<BackupSet> which,
      Map<BackupSet, EnumSet<Kept>> kept,
      Kept reason) {
    good.stream().filter(which).findFirst().ifPresent(set -> keep(kept, set, reason));
  }

  /** The newest set of each of the newest buckets. */
  private void count(Kept rule, List<BackupSet> young, Map<BackupSet, EnumSet<Kept>> kept) {
    int left = rules.count(rule);
    Instant last = null;
    for (BackupSet set : young) {
      Instant bucket = RetentionRules.bucket(rule, set.at(), zone);
      if (left > 0 && (bucket == null || !bucket.equals(last))) {
        keep(kept, set, rule);
        left--;
      }
      last = bucket;
    }
  }

  private Verdict verdict(BackupSet set, EnumSet<Kept> kept, Instant now) {
    if (!kept.isEmpty()) {
      return new Verdict(set, kept, null);
    }
    Gone gone = gone(set, now);
    return new Verdict(set, isFrozen(gone) ? EnumSet.of(Kept.FROZEN) : kept, gone);
  }

  private Gone gone(BackupSet set, Instant now) {
    return switch (set.state()) {
      case FAILED -> Gone.OLD_FAILURE;
      case DELETING -> Gone.BEGUN;
      default -> isTooOld(set, now) ? Gone.TOO_OLD : Gone.SURPLUS;
    };
  }

  /**
   * Records of failures go even while backups fail: there is nothing behind them, and a schedule of
   * every five minutes leaves thousands in two weeks.
   */
  private boolean isFrozen(Gone gone) {
    return gone == Gone.OLD_FAILURE
        ? freezes.stream().anyMatch(freeze -> freeze != Freeze.UNHEALTHY)
        : !freezes.isEmpty();
  }

  private static void keep(Map<BackupSet, EnumSet<Kept>> kept, BackupSet set, Kept reason) {
    reasons(kept, set).add(reason);
  }

  private static EnumSet<Kept> reasons(Map<BackupSet, EnumSet<Kept>> kept, BackupSet set) {
    return Objects.requireNonNull(kept.get(set));
  }
}
