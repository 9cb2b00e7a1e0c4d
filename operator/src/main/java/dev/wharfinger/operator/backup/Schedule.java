package dev.wharfinger.operator.backup;

import dev.wharfinger.operator.model.Names;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When backups are to be made: five fields of cron in a time zone. A slot that falls into hours
 * which the clocks leave out comes at the moment they are set forward, once for all of them. Where
 * hours come twice, a schedule for certain hours has its slots in the first, and one that follows
 * the hours ({@code *} or a step) in both. Immutable.
 */
public final class Schedule {
  /** What is wanted more often than that is not a backup. */
  private static final Duration LEAST = Duration.ofMinutes(5);

  private static final Duration NARROW = Duration.ofHours(1);

  private final CronLine line;
  private final ZoneId zone;
  private final ZoneRules rules;
  private final Rhythm rhythm;

  private Schedule(CronLine line, ZoneId zone) {
    this.line = line;
    this.zone = zone;
    this.rules = zone.getRules();
    this.rhythm = Rhythm.of(line);
  }

  /**
   * Reads a schedule.
   *
   * @param text five fields, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}
   * @param zone IANA name; null for {@code Etc/UTC}
   * @throws ScheduleException names the field and the way out
   */
  public static Schedule of(String text, @Nullable String zone) {
    Schedule schedule = new Schedule(CronLine.parse(text), ZoneName.parse(zone));
    Duration shortest = schedule.shortest();
    if (shortest.compareTo(LEAST) < 0) {
      throw new ScheduleException(
          "schedule",
          "`%s` has two backups within %d min; the least is 5 min, as in `*/5 * * * *`"
              .formatted(text.strip(), shortest.toMinutes()));
    }
    return schedule;
  }

  /** The first slot after a moment. */
  public Instant nextAfter(Instant moment) {
    Instant at = moment;
    while (true) {
      ZoneOffset offset = rules.getOffset(at);
      LocalDateTime slot = nextWithin(at, offset);
      ZoneOffsetTransition change = rules.nextTransition(at);
      if (change == null || slot.isBefore(change.getDateTimeBefore())) {
        return slot.toInstant(offset);
      }
      at = change.getInstant();
      if (comesWith(change, slot)) {
        return at;
      }
    }
  }

  /** The next slot by the clock as it stands at {@code at}, as if it were never changed again. */
  private LocalDateTime nextWithin(Instant at, ZoneOffset offset) {
    LocalDateTime time = LocalDateTime.ofInstant(at, offset);
    ZoneOffsetTransition since = rules.previousTransition(at.plusNanos(1));
    boolean again = since != null && since.isOverlap() && time.isBefore(since.getDateTimeBefore());
    return again && !line.followsHours()
        ? line.nextFrom(since.getDateTimeBefore())
        : line.nextAfter(time);
  }

  /**
   * Whether the moment of a change is a slot.
   *
   * @param next the first slot by the clock of before the change, not before it
   */
  private boolean comesWith(ZoneOffsetTransition change, LocalDateTime next) {
    LocalDateTime after = change.getDateTimeAfter();
    return change.isGap()
        ? !next.isAfter(after)
        : line.followsHours() && line.nextFrom(after).equals(after);
  }

  /** The latest slot at a moment or before it. */
  public Instant latestUpTo(Instant moment) {
    Duration back = NARROW;
    Instant found = nextAfter(moment.minus(back));
    while (found.isAfter(moment)) {
      back = back.multipliedBy(2);
      found = nextAfter(moment.minus(back));
    }
    // From here on there is a slot; halve what lies between it and the moment until it is the last.
    Instant none = moment;
    for (Instant next = nextAfter(found); !next.isAfter(moment); next = nextAfter(found)) {
      found = next;
      Instant middle = found.plus(Duration.between(found, none).dividedBy(2));
      Instant later = nextAfter(middle);
      if (later.isAfter(moment)) {
        none = middle;
      } else {
        found = later;
      }
    }
    return found;
  }

  /** As many slots after a moment, the first one first. */
  public List<Instant> next(int count, Instant moment) {
    return Stream.iterate(nextAfter(moment), this::nextAfter).limit(count).toList();
  }

  /**
   * How many slots there are after one moment and up to another.
   *
   * @param most where counting ends
   */
  public int count(Instant after, Instant upTo, int most) {
    int count = 0;
    for (Instant slot = nextAfter(after);
        count < most && !slot.isAfter(upTo);
        slot = nextAfter(slot)) {
      count++;
    }
    return count;
  }

  /**
   * The most time between two slots, clock changes aside; what one may have to wait for a backup.
   */
  public Duration period() {
    return rhythm.longest();
  }

  /** The least time between two slots, clock changes aside. */
  public Duration shortest() {
    return rhythm.shortest();
  }

  /** Whose days, weeks and months are meant. */
  public ZoneId zone() {
    return zone;
  }

  /** Another for each schedule, and the same however it is written; eight characters. */
  public String fingerprint() {
    return Names.hash(toString());
  }

  /** The time zone data it is computed with, for a log. */
  public static String zoneData() {
    return ZoneName.version();
  }

  /** In numbers, with the zone. */
  @Override
  public String toString() {
    return line + " " + zone;
  }
}
