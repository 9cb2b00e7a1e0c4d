package dev.wharfinger.operator.dependent;

import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.BackupTurn;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.HashMap;
import java.util.Map;

/**
 * A StorageBackup that the schedule asks for. It has no owner, as no other StorageBackup has: the
 * record of a set outlives the instance.
 */
public final class ScheduledBackup {
  public static final String COMPONENT = "scheduled-backup";

  private ScheduledBackup() {}

  /** The StorageBackup; named after its slot, so that it is made once. */
  public static StorageBackup desired(StorageInstance instance, BackupTurn.Make make) {
    String name = instance.getMetadata().getName();
    Map<String, String> labels = new HashMap<>(Labels.of(instance, COMPONENT));
    labels.put(Labels.BACKUP_SLOT, make.slot().label());
    labels.put(Labels.BACKUP_ATTEMPT, Integer.toString(make.attempt()));
    labels.put(Labels.BACKUP_TRIGGER, make.trigger().word());
    StorageBackup backup = new StorageBackup();
    backup.setMetadata(
        new ObjectMetaBuilder()
            .withName(make.slot().name(name, make.attempt()))
            .withNamespace(instance.getMetadata().getNamespace())
            .withLabels(labels)
            .build());
    if (make.missed() > 0) {
      backup
          .getMetadata()
          .setAnnotations(Map.of(Annotations.MISSED_SLOTS, Integer.toString(make.missed())));
    }
    backup.setSpec(new StorageBackupSpec(new LocalRef(name)));
    return backup;
  }
}
