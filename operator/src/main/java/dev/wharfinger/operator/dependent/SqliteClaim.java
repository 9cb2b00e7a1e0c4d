package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.RestoreSource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;

/**
 * The claim of the SQLite volume. It has no owner reference: deleting the resource never deletes
 * it.
 */
public final class SqliteClaim {
  public static final String COMPONENT = "sqlite";

  private SqliteClaim() {}

  /** The claim of a volume that is to be filled from a backup set before anybody uses it. */
  public static PersistentVolumeClaim restored(InstanceModel model, RestoreSource source) {
    return desired(model)
        .edit()
        .editMetadata()
        .addToAnnotations(Annotations.RESTORE_FROM, source.json())
        .endMetadata()
        .build();
  }

  /** The claim, which holds the data from its first day (epoch 1). */
  public static PersistentVolumeClaim desired(InstanceModel model) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(model.names().dataClaim())
        .withNamespace(model.namespace())
        .withLabels(Labels.of(model.instance(), COMPONENT))
        .addToAnnotations(Annotations.EPOCH, "1")
        .endMetadata()
        .withSpec(model.sqlite().volume().claim())
        .build();
  }
}
