package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.restore.RestorePlan;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A claim of which some files may have been exchanged by a restore, and not all. Nobody uses or
 * copies what is on it, also where the restore is gone.
 */
final class HeldClaim {
  private HeldClaim() {}

  /** Whether a restore holds it. */
  static boolean by(@Nullable PersistentVolumeClaim claim, StorageRestore restore) {
    if (claim == null || Annotations.get(claim, Annotations.SWAP_STARTED) == null) {
      return false;
    }
    RestorePlan plan = RestorePlan.on(claim);
    // Where the claim's words are spoiled, those of the restore count.
    return plan == null
        ? RestorePlan.of(restore) != null
            && Annotations.get(restore, Annotations.SWAP_STARTED) != null
        : plan.of().equals(restore.getMetadata().getUid());
  }

  /** Who holds it, for people, or null. */
  static @Nullable String holder(KubernetesClient client, @Nullable PersistentVolumeClaim claim) {
    if (claim == null || Annotations.get(claim, Annotations.SWAP_STARTED) == null) {
      return null;
    }
    RestorePlan plan = RestorePlan.on(claim);
    String uid = plan == null ? "unknown" : plan.of();
    return client
        .resources(StorageRestore.class)
        .inNamespace(claim.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(restore -> uid.equals(restore.getMetadata().getUid()))
        .map(restore -> "StorageRestore " + restore.getMetadata().getName())
        .findFirst()
        .orElse("a StorageRestore that is gone (uid " + uid + ")");
  }

  /** What it means, and what to do where the restore is gone. */
  static String words(@Nullable PersistentVolumeClaim claim, String holder) {
    return "%s has begun to exchange the files on claim %s and has not ended: what was there before is in its folder .wharfinger-replaced-…, what comes in .wharfinger-new-…; if that StorageRestore is gone, end it by hand, then remove annotation %s from the claim"
        .formatted(
            holder,
            claim == null ? "" : Objects.requireNonNull(claim.getMetadata().getName()),
            Annotations.SWAP_STARTED);
  }
}
