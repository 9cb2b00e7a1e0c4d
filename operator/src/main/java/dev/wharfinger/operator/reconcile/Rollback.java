package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Back;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.migration.Loss;
import dev.wharfinger.operator.model.Annotations;
import org.jspecify.annotations.Nullable;

/** Going back to the retained SQLite file as it stands. */
final class Rollback {
  private Rollback() {}

  static boolean asked(StorageMigration migration) {
    return migration.getSpec().to() == Backend.SQLITE
        && migration.getSpec().back() == Back.ROLLBACK;
  }

  /** What it would lose; null for a move that copies. */
  static @Nullable Loss loss(
      StorageMigration migration, @Nullable StorageInstance instance, MigrationReport report) {
    if (!asked(migration)) {
      return null;
    }
    // For this move alone: another one may lose other rows.
    String uid = migration.getMetadata().getUid();
    return new Loss(
        report.differences(),
        uid.equals(Annotations.get(instance, Annotations.ACCEPT_LOSS)),
        "kubectl annotate -n %s si %s --overwrite %s=%s"
            .formatted(
                migration.getMetadata().getNamespace(),
                migration.getSpec().instanceRef().name(),
                Annotations.ACCEPT_LOSS,
                uid));
  }

  /** Whether the instance asks for the other way back, while nothing is stopped yet. */
  static boolean reconsidered(StorageMigration migration, StorageInstance instance) {
    return migration.getSpec().to() == Backend.SQLITE
        && Annotations.get(migration, Annotations.FENCED_AT) == null
        && asked(migration) != (Back.asked(instance.getSpec()) == Back.ROLLBACK);
  }
}
