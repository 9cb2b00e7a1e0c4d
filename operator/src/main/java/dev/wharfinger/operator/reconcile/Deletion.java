package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.DeletionPolicy;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What deleting the resource does. Children with an owner reference go by themselves; volumes and
 * credentials stay, unless deletionPolicy says Delete and the annotation says it a second time.
 */
final class Deletion {
  private final StorageInstance instance;
  private final Observed observed;
  private final Writer writer;
  private final InstanceStatus status;

  Deletion(StorageInstance instance, Observed observed, Writer writer, Clock clock) {
    this.instance = instance;
    this.observed = observed;
    this.writer = writer;
    this.status = new InstanceStatus(instance, observed, clock);
  }

  DeleteControl run(Consumer<StorageInstanceStatus> patchStatus) {
    if (stopMigrations()) {
      return park(patchStatus, "MigrationEnding", "the running move is ended first");
    }
    if (instance.getSpec() == null
        || instance.getSpec().deletionPolicy() != DeletionPolicy.DELETE) {
      return DeleteControl.defaultDelete();
    }
    if (Boolean.TRUE.equals(instance.getSpec().paused())) {
      return park(
          patchStatus,
          "Paused",
          "paused: true; remove it to let the data be deleted, or set deletionPolicy to Retain");
    }
    String confirmation = instance.getMetadata().getName() + "/" + instance.getMetadata().getUid();
    if (!confirmation.equals(Annotations.get(instance, Annotations.CONFIRM_DELETE))) {
      return park(
          patchStatus,
          "ConfirmationRequired",
          "deletionPolicy is Delete: annotate this StorageInstance with wharfinger.dev/confirm-delete: "
              + confirmation
              + " to delete its data, or set deletionPolicy to Retain to keep it");
    }
    return deleteData(patchStatus);
  }

  /** Takes back what has not been committed; true while something still runs. */
  private boolean stopMigrations() {
    List<StorageMigration> running =
        observed.migrations().stream()
            .filter(m -> Labels.isOurs(m, instance))
            .filter(m -> Annotations.get(m, Annotations.ENDED) == null)
            .toList();
    running.stream()
        .filter(m -> Annotations.get(m, Annotations.CANCELLED) == null)
        .forEach(m ->
            writer.merge(
                m,
                "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}"
                    .formatted(Annotations.CANCELLED)));
    return !running.isEmpty();
  }

  /**
   * The server first, so that nothing writes while its volume goes; every delete names the very
   * object it means.
   */
  private DeleteControl deleteData(Consumer<StorageInstanceStatus> patchStatus) {
    if (observed.server() != null) {
      writer.delete(observed.server());
      return park(patchStatus, "DeletingData", "the server is being stopped");
    }
    List<HasMetadata> data =
        observed.retained().stream().filter(object -> Labels.isOurs(object, instance)).toList();
    data.stream()
        .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
        .forEach(writer::delete);
    return data.isEmpty()
        ? DeleteControl.defaultDelete()
        : park(patchStatus, "DeletingData", "volumes and credentials are being deleted");
  }

  private DeleteControl park(
      Consumer<StorageInstanceStatus> patchStatus, String reason, String message) {
    StorageInstanceStatus now = status.deleting(reason, message);
    if (!Objects.equals(now, instance.getStatus())) {
      patchStatus.accept(now);
    }
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(Duration.ofSeconds(30));
  }
}
