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
    List<StorageMigration> running = runningMigrations();
    boolean deletesData =
        instance.getSpec() != null
            && instance.getSpec().deletionPolicy() == DeletionPolicy.DELETE
            && !dataElsewhere();
    if (running.isEmpty() && !deletesData) {
      return DeleteControl.defaultDelete();
    }
    // Before anything is written, and a paused move would not end by being cancelled.
    if (instance.getSpec() != null && Boolean.TRUE.equals(instance.getSpec().paused())) {
      return park(
          patchStatus,
          "Paused",
          running.isEmpty()
              ? "paused: true; remove it to let the data be deleted, or set deletionPolicy to Retain"
              : "paused: true, and a move is under way; remove paused to let the move end and the StorageInstance go");
    }
    if (!running.isEmpty()) {
      running.forEach(this::cancel);
      return park(patchStatus, "MigrationEnding", "the running move is ended first");
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

  /** The data is on somebody else's server, and none of it was ever here. */
  private boolean dataElsewhere() {
    return instance.getSpec().postgresql() != null
        && instance.getSpec().postgresql().external() != null
        && observed.server() == null
        && observed.retained().stream().noneMatch(object -> Labels.isOurs(object, instance));
  }

  private List<StorageMigration> runningMigrations() {
    return observed.migrations().stream()
        .filter(m -> Labels.isOurs(m, instance))
        .filter(m -> Annotations.get(m, Annotations.ENDED) == null)
        .toList();
  }

  /** Takes it back, unless it has been committed. */
  private void cancel(StorageMigration migration) {
    if (Annotations.get(migration, Annotations.CANCELLED) == null) {
      writer.merge(
          migration,
          "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}".formatted(Annotations.CANCELLED));
    }
  }

  /**
   * The server first, so that nothing writes while its volume goes; every delete names the very
   * object it means.
   */
  private DeleteControl deleteData(Consumer<StorageInstanceStatus> patchStatus) {
    String backup = BackupsAtWork.unfinished(writer.client(), instance);
    if (backup != null) {
      // It may be the last there will ever be, and its Job has what the record needs.
      return park(
          patchStatus,
          "BackupEnding",
          "StorageBackup "
              + backup
              + " is under way, and ends first; delete it if it is not wanted");
    }
    if (observed.server() != null) {
      writer.delete(observed.server());
      return park(patchStatus, "DeletingData", "the server is being stopped");
    }
    // A pod uses its claim even after it has ended, and a claim in use does not go.
    observed.jobs().stream()
        .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
        .forEach(writer::delete);
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
