package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.StorageSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A volume to claim.
 *
 * @param size requested size
 * @param storageClassName the class, or null for the cluster's default
 */
public record Volume(Quantity size, @Nullable String storageClassName) {

  static Volume of(@Nullable StorageSpec spec) {
    String size = spec == null ? null : spec.size();
    return new Volume(
        new Quantity(size == null ? "1Gi" : size), spec == null ? null : spec.storageClassName());
  }

  /** The size a claim asks for. */
  public static Quantity requested(PersistentVolumeClaim claim) {
    return Objects.requireNonNull(claim.getSpec().getResources().getRequests().get("storage"));
  }

  /** The claim's spec: one node at a time. */
  public PersistentVolumeClaimSpec claim() {
    return new PersistentVolumeClaimSpecBuilder()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(storageClassName)
        .withNewResources()
        .addToRequests("storage", size)
        .endResources()
        .build();
  }
}
