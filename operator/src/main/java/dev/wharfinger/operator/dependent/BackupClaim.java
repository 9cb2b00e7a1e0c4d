package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import java.util.Map;

/**
 * The claim that backup sets are kept on. It has no owner, and nothing of ours ever deletes it: who
 * deletes an instance by mistake has its sets.
 */
public final class BackupClaim {
  public static final String COMPONENT = "backups";

  private BackupClaim() {}

  /** The claim. */
  public static PersistentVolumeClaim desired(InstanceModel model, String name, Volume volume) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(model.namespace())
        .withLabels(Labels.of(model.instance(), COMPONENT))
        .endMetadata()
        .withSpec(volume.claim())
        .build();
  }

  /**
   * Whether a claim is an instance's own, of this name or another, that still is or was deleted: it
   * has the labels of one, or says which move its data came or went by.
   */
  public static boolean holdsData(PersistentVolumeClaim claim) {
    Map<String, String> labels = claim.getMetadata().getLabels();
    boolean sets = labels != null && COMPONENT.equals(labels.get(Labels.COMPONENT));
    return Labels.ownerUid(claim) != null && !sets
        || Annotations.epoch(claim) > 0
        || Annotations.superseded(claim) > 0;
  }

  /**
   * Whether the operator made a claim for the sets of an instance of this name. It may have been a
   * namesake that was deleted since: each instance has a folder of its own, so the sets of both
   * have room on it.
   */
  public static boolean made(HasMetadata claim, String instance) {
    Map<String, String> labels = claim.getMetadata().getLabels();
    return Labels.made(claim)
        && labels != null
        && COMPONENT.equals(labels.get(Labels.COMPONENT))
        && instance.equals(labels.get(Labels.INSTANCE));
  }
}
