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
 * @param extraPaths what else on the volume belongs to a set
 * @param filesClaim the claim that they are on, where the data are on PostgreSQL
 * @param recipients public keys that sets are encrypted to; empty for none
 * @param timeout how long a Job may take
 */
public record BackupModel(
    BackupSpec.Target target,
    List<String> extraPaths,
    String filesClaim,
    List<String> recipients,
    Duration timeout) {

  /** What the spec says, or null where it says nothing about backups. */
  public static @Nullable BackupModel of(StorageInstance instance) {
    BackupSpec spec = instance.getSpec() == null ? null : instance.getSpec().backup();
    BackupSpec.Target target = spec == null ? null : spec.target();
    if (spec == null
        || target == null
        || target.persistentVolumeClaim() == null && target.s3() == null) {
      return null;
    }
    BackupSpec.Encryption encryption = spec.encryption();
    return new BackupModel(
        target.persistentVolumeClaim() == null
            ? target
            : new BackupSpec.Target(named(target.persistentVolumeClaim(), instance), null),
        Objects.requireNonNullElse(spec.extraPaths(), List.of()),
        Objects.requireNonNullElse(spec.filesClaimName(), Names.of(instance).dataClaim()),
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
    return new BackupModel(decided, extraPaths, filesClaim, recipients, timeout);
  }

  /** The claim that sets are kept on; null where it is a bucket. */
  public @Nullable String claim() {
    BackupSpec.Claim claim = target.persistentVolumeClaim();
    return claim == null ? null : claim.claimName();
  }

  /** What to claim for it; null where the claim is somebody's own, and for a bucket. */
  public @Nullable Volume volume() {
    BackupSpec.Claim claim = target.persistentVolumeClaim();
    return claim == null || claim.size() == null
        ? null
        : new Volume(new Quantity(claim.size()), claim.storageClassName());
  }
}
