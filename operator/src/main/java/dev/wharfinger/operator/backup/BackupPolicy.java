package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.Durations;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What an instance's {@code spec.backup} says of when, with every default applied.
 *
 * @param schedule when backups are due; null for none but those that a person asks for
 * @param suspended whether none is due for now
 * @param jitter how long after its slot one begins
 * @param startingDeadline how late it may begin; null for any time
 * @param maxAge how old the newest good one may be; null where nobody says so
 * @param zone whose hours, days, weeks and months are meant
 * @param retention which sets are worth keeping; null where nobody says so
 */
public record BackupPolicy(
    @Nullable Schedule schedule,
    boolean suspended,
    Duration jitter,
    @Nullable Duration startingDeadline,
    @Nullable Duration maxAge,
    ZoneId zone,
    @Nullable RetentionRules retention) {

  /**
   * What the spec says, or null where it says nothing about backups.
   *
   * @throws ScheduleException names the field that cannot be followed
   */
  public static @Nullable BackupPolicy of(StorageInstance instance) {
    BackupSpec spec = instance.getSpec() == null ? null : instance.getSpec().backup();
    if (spec == null) {
      return null;
    }
    Schedule schedule =
        spec.schedule() == null ? null : Schedule.of(spec.schedule(), spec.timeZone());
    Duration maxAge = duration(spec.maxAge());
    return new BackupPolicy(
        schedule,
        Boolean.TRUE.equals(spec.suspend()),
        schedule == null
            ? Duration.ZERO
            : Jitter.of(instance.getMetadata().getUid(), duration(spec.jitter()), schedule),
        duration(spec.startingDeadline()),
        maxAge == null && schedule != null ? BackupHealth.maxAge(schedule) : maxAge,
        ZoneName.parse(spec.timeZone()),
        rules(spec.retention()));
  }

  private static @Nullable RetentionRules rules(BackupSpec.@Nullable Retention spec) {
    RetentionRules usual = RetentionRules.DEFAULT;
    return spec == null
        ? null
        : new RetentionRules(
            or(spec.keepLast(), usual.keepLast()),
            or(spec.keepHourly(), usual.keepHourly()),
            or(spec.keepDaily(), usual.keepDaily()),
            or(spec.keepWeekly(), usual.keepWeekly()),
            or(spec.keepMonthly(), usual.keepMonthly()),
            or(spec.minimum(), usual.minimum()),
            duration(spec.maxAge()));
  }

  private static int or(@Nullable Integer said, int usual) {
    return said == null ? usual : said;
  }

  private static @Nullable Duration duration(@Nullable String text) {
    return text == null ? null : Duration.ofMillis(Durations.millis(text));
  }
}
