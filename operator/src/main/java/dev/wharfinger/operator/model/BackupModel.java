package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.BackupSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How backups of an instance are made, with every default applied.
 *
 * @param target where sets are kept; of a claim always the name, and the size too where the
 *     operator makes it
 * @param extraPaths what else on the SQLite volume belongs to a set
 * @param recipients public keys that sets are encrypted to; empty for none
 * @param timeout how long a Job may take
 */
public record BackupModel(
    BackupSpec.Target target, List<String> extraPaths, List<String> recipients, Duration timeout) {

  /** What the spec says, or null where it says nothing about backups. */
  public static @Nullable BackupModel of(StorageInstance instance) {
    BackupSpec spec = instance.getSpec() == null ? null : instance.getSpec().backup();
    BackupSpec.Claim claim =
        spec == null || spec.target() == null ? null : spec.target().persistentVolumeClaim();
    if (spec == null || claim == null) {
      return null;
    }
    BackupSpec.Encryption encryption = spec.encryption();
    return new BackupModel(
        new BackupSpec.Target(named(claim, instance), null),
        Objects.requireNonNullElse(spec.extraPaths(), List.of()),
        encryption == null ? List.of() : encryption.recipients(),
        Duration.ofMillis(Durations.millis(Objects.requireNonNullElse(spec.timeout(), "1h"))));
  }

  private static BackupSpec.Claim named(BackupSpec.Claim claim, StorageInstance instance) {
    return claim.claimName() != null
        ? claim
        : new BackupSpec.Claim(
            Objects.requireNonNullElse(claim.size(), "1Gi"),
            claim.storageClassName(),
            Names.of(instance).backupClaim());
  }

  /** The same with a target that was decided before. */
  public BackupModel at(BackupSpec.Target decided) {
    return new BackupModel(decided, extraPaths, recipients, timeout);
  }

  private BackupSpec.Claim volumeClaim() {
    return Objects.requireNonNull(target.persistentVolumeClaim());
  }

  /** The claim that sets are kept on. */
  public String claim() {
    return Objects.requireNonNull(volumeClaim().claimName());
  }

  /** What to claim for it; null where the claim is somebody's own. */
  public @Nullable Volume volume() {
    String size = volumeClaim().size();
    return size == null ? null : new Volume(new Quantity(size), volumeClaim().storageClassName());
  }
}
