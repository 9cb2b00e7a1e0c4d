package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;

/**
 * The claim of the SQLite volume. It has no owner reference: deleting the resource never deletes
 * it.
 */
public final class SqliteClaim {
  public static final String COMPONENT = "sqlite";

  private SqliteClaim() {}

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
