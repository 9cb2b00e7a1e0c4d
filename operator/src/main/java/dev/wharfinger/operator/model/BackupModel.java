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
 * @param claim the claim that sets are kept on
 * @param volume what to claim for it; null where the claim is somebody's own
 * @param extraPaths what else on the SQLite volume belongs to a set
 * @param recipients public keys that sets are encrypted to; empty for none
 * @param timeout how long a Job may take
 */
public record BackupModel(
    String claim,
    @Nullable Volume volume,
    List<String> extraPaths,
    List<String> recipients,
    Duration timeout) {

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
        Objects.requireNonNullElseGet(claim.claimName(), Names.of(instance)::backupClaim),
        claim.claimName() == null
            ? new Volume(
                new Quantity(Objects.requireNonNullElse(claim.size(), "1Gi")),
                claim.storageClassName())
            : null,
        Objects.requireNonNullElse(spec.extraPaths(), List.of()),
        encryption == null ? List.of() : encryption.recipients(),
        Duration.ofMillis(Durations.millis(Objects.requireNonNullElse(spec.timeout(), "1h"))));
  }
}
