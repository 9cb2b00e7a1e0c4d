package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Labels of every object the operator makes. The instance's uid among them is what makes an object
 * ours.
 */
public final class Labels {
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String INSTANCE = "app.kubernetes.io/instance";
  public static final String COMPONENT = "app.kubernetes.io/component";
  public static final String INSTANCE_UID = "wharfinger.dev/instance-uid";

  /** Name of a StorageMigration, on its Jobs and their pods. */
  public static final String MIGRATION = "wharfinger.dev/migration";

  /** Name of a StorageRestore, on its Jobs and their pods. */
  public static final String RESTORE = "wharfinger.dev/restore";

  /** What the set of a StorageBackup is called, on its Job and the Job's pods. */
  public static final String BACKUP_SET = "wharfinger.dev/backup-set";

  /** On a StorageBackup of a schedule: the moment it was due, such as 20261122t020000z. */
  public static final String BACKUP_SLOT = "wharfinger.dev/backup-slot";

  /** On a StorageBackup of a schedule: which attempt of its slot it is, from 1. */
  public static final String BACKUP_ATTEMPT = "wharfinger.dev/backup-attempt";

  /** On a StorageBackup of a schedule: Scheduled, CatchUp or Retry. */
  public static final String BACKUP_TRIGGER = "wharfinger.dev/backup-trigger";

  public static final String WHARFINGER = "wharfinger";

  /** Selects everything the operator made. */
  public static final String SELECTOR = MANAGED_BY + "=" + WHARFINGER;

  private Labels() {}

  /** Labels of a child of {@code instance} that plays {@code component}. */
  public static Map<String, String> of(StorageInstance instance, String component) {
    return Map.of(
        MANAGED_BY,
        WHARFINGER,
        INSTANCE,
        instance.getMetadata().getName(),
        COMPONENT,
        component,
        INSTANCE_UID,
        instance.getMetadata().getUid());
  }

  /** Labels that find the server's pod: identity only, because selectors can never change. */
  public static Map<String, String> serverSelector(String instance) {
    return Map.of(MANAGED_BY, WHARFINGER, INSTANCE, instance, COMPONENT, "postgresql");
  }

  /**
   * The uid of the instance an object belongs to, or null where it is none of ours. The uid alone
   * decides: without the label that the caches select by the object is as much ours, and gets it
   * back.
   */
  public static @Nullable String ownerUid(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? null : labels.get(INSTANCE_UID);
  }

  /**
   * Whether an object is surely one the operator made. Stricter than {@link #ownerUid}: somebody's
   * pod that got hold of a uid is still a pod that may write.
   */
  public static boolean made(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null
        && WHARFINGER.equals(labels.get(MANAGED_BY))
        && labels.containsKey(INSTANCE_UID);
  }

  /** Whether an object belongs to exactly this instance, not to a namesake that was deleted. */
  public static boolean isOurs(HasMetadata object, StorageInstance instance) {
    return instance.getMetadata().getUid().equals(ownerUid(object));
  }
}
