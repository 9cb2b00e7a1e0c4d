package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an instance's {@code spec.backup.drill} says, with every default applied.
 *
 * @param schedule when a drill is due
 * @param suspended whether none is due but those that a person asks for
 * @param jitter how long after its slot one begins
 * @param maxAge how old the last one that proved something may be
 * @param sizeLimit how much room it has; null where the set tells
 * @param identity Secret with the private key for encrypted sets; null where there is none
 * @param identityKey its key
 */
public record DrillPolicy(
    Schedule schedule,
    boolean suspended,
    Duration jitter,
    Duration maxAge,
    @Nullable String sizeLimit,
    @Nullable String identity,
    String identityKey) {
  private static final String USUAL = "@weekly";
  private static final String KEY = "identity";

  /**
   * What the spec says, or null where it says nothing about drills.
   *
   * @throws ScheduleException names the field that cannot be followed
   */
  public static @Nullable DrillPolicy of(StorageInstance instance) {
    BackupSpec backup = instance.getSpec() == null ? null : instance.getSpec().backup();
    BackupSpec.Drill spec = backup == null ? null : backup.drill();
    if (backup == null || spec == null) {
      return null;
    }
    Schedule schedule =
        Schedule.of(Objects.requireNonNullElse(spec.schedule(), USUAL), backup.timeZone());
    BackupSpec.IdentityRef identity = spec.identitySecretRef();
    return new DrillPolicy(
        schedule,
        Boolean.TRUE.equals(spec.suspend()),
        Jitter.of(instance.getMetadata().getUid(), null, schedule),
        BackupHealth.maxAge(schedule),
        spec.sizeLimit(),
        identity == null ? null : identity.name(),
        identity == null ? KEY : Objects.requireNonNullElse(identity.key(), KEY));
  }
}
