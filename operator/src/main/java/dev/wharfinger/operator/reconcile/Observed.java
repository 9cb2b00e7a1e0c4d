package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An instance's objects as the caches have them. They are shared: never changed, only copied by
 * builders.
 */
record Observed(
    @Nullable PersistentVolumeClaim dataClaim,
    @Nullable PersistentVolumeClaim serverClaim,
    @Nullable Secret credentials,
    @Nullable Secret role,
    @Nullable Secret binding,
    @Nullable Secret certificate,
    @Nullable Secret authority,
    @Nullable ConfigMap serverConfig,
    @Nullable ConfigMap schemaRecord,
    @Nullable Service serverService,
    @Nullable Service headlessService,
    @Nullable StatefulSet server,
    List<Job> jobs,
    List<Pod> pods,
    List<StorageMigration> migrations,
    List<StorageBackup> backups) {

  static Observed of(StorageInstance instance, Context<StorageInstance> context) {
    Names names = Names.of(instance);
    return new Observed(
        named(context, PersistentVolumeClaim.class, names.dataClaim()),
        named(context, PersistentVolumeClaim.class, names.postgresqlClaim()),
        named(context, Secret.class, names.credentials()),
        named(context, Secret.class, names.role()),
        named(context, Secret.class, names.binding()),
        named(context, Secret.class, names.certificate()),
        named(context, Secret.class, names.authority()),
        named(context, ConfigMap.class, names.postgresql()),
        named(context, ConfigMap.class, names.schemaRecord()),
        named(context, Service.class, names.postgresql()),
        named(context, Service.class, names.postgresqlHeadless()),
        named(context, StatefulSet.class, names.postgresql()),
        // What a deleted namesake's Job says is about another volume.
        context
            .getSecondaryResourcesAsStream(Job.class)
            .filter(job -> Labels.isOurs(job, instance))
            .toList(),
        context.getSecondaryResourcesAsStream(Pod.class).toList(),
        context.getSecondaryResourcesAsStream(StorageMigration.class).toList(),
        context.getSecondaryResourcesAsStream(StorageBackup.class).toList());
  }

  /** The same with the claims as they are now. */
  Observed withLiveClaims(StorageInstance instance, KubernetesClient client) {
    Names names = Names.of(instance);
    return new Observed(
        live(instance, client, names.dataClaim(), dataClaim),
        live(instance, client, names.postgresqlClaim(), serverClaim),
        credentials,
        role,
        binding,
        certificate,
        authority,
        serverConfig,
        schemaRecord,
        serverService,
        headlessService,
        server,
        jobs,
        pods,
        migrations,
        backups);
  }

  /** A stranger's claim that no cache shows is met by the step that needs its name. */
  private static @Nullable PersistentVolumeClaim live(
      StorageInstance instance,
      KubernetesClient client,
      String name,
      @Nullable PersistentVolumeClaim cached) {
    PersistentVolumeClaim live =
        client
            .persistentVolumeClaims()
            .inNamespace(instance.getMetadata().getNamespace())
            .withName(name)
            .get();
    return live == null || cached == null && !Labels.isOurs(live, instance) ? null : live;
  }

  private static <T extends HasMetadata> @Nullable T named(
      Context<StorageInstance> context, Class<T> type, String name) {
    return context
        .getSecondaryResourcesAsStream(type)
        .filter(object -> name.equals(object.getMetadata().getName()))
        .findFirst()
        .orElse(null);
  }

  /** The objects that outlive the instance: data and the key to it. */
  List<HasMetadata> retained() {
    return Stream.<@Nullable HasMetadata>of(dataClaim, serverClaim, credentials, role)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  /** Everything of our names that is not a Job or a pod. */
  List<HasMetadata> named() {
    return Stream.concat(
            retained().stream(),
            Stream.<@Nullable HasMetadata>of(
                    binding,
                    certificate,
                    authority,
                    serverConfig,
                    schemaRecord,
                    serverService,
                    headlessService,
                    server)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull))
        .toList();
  }

  /** A move of the instance that has not ended yet, in whatever direction; or null. */
  @Nullable StorageMigration openMove(StorageInstance instance) {
    return migrations.stream()
        .filter(m -> Labels.isOurs(m, instance))
        .filter(m -> Annotations.get(m, Annotations.ENDED) == null)
        .findFirst()
        .orElse(null);
  }

  @Nullable Job job(String name) {
    return jobs.stream()
        .filter(job -> name.equals(job.getMetadata().getName()))
        .findFirst()
        .orElse(null);
  }
}
