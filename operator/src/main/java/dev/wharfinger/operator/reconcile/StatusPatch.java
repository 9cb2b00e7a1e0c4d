package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.api.v1alpha1.StorageRestoreStatus;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** A status by server-side apply, which wants an object with our fields and no others. */
final class StatusPatch {
  private StatusPatch() {}

  static StorageInstance of(StorageInstance instance, StorageInstanceStatus status) {
    return fresh(new StorageInstance(), instance, status);
  }

  static StorageMigration of(StorageMigration migration, StorageMigrationStatus status) {
    return fresh(new StorageMigration(), migration, status);
  }

  static StorageBackup of(StorageBackup backup, StorageBackupStatus status) {
    return fresh(new StorageBackup(), backup, status);
  }

  static StorageRestore of(StorageRestore restore, StorageRestoreStatus status) {
    return fresh(new StorageRestore(), restore, status);
  }

  /** Sends it; the framework does that for resources that are not being deleted. */
  static void send(KubernetesClient client, CustomResource<?, ?> patch) {
    client
        .resource(patch)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(Writer.FIELD_MANAGER)
                .withForce(true)
                .build());
  }

  private static <S, R extends CustomResource<?, S>> R fresh(R patch, R resource, S status) {
    patch.getMetadata().setName(resource.getMetadata().getName());
    patch.getMetadata().setNamespace(resource.getMetadata().getNamespace());
    patch.setStatus(status);
    return patch;
  }
}
