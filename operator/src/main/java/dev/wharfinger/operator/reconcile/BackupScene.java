package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.backup.Scene;
import dev.wharfinger.operator.dependent.BackupClaim;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.SchemaJob;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.BackupModel;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a backup that is to begin. Everything is read live: a cache may not have the
 * move yet that begins at the same time.
 *
 * @param scene what is waited for, if anything
 * @param model the instance with its defaults; null where it is not there
 * @param options how its backups are made; null where that is not said
 * @param active where the data is
 */
record BackupScene(
    Scene scene,
    @Nullable InstanceModel model,
    @Nullable BackupModel options,
    ActiveBackend active) {

  static BackupScene look(
      KubernetesClient client,
      OperatorConfig config,
      StorageBackup backup,
      @Nullable BackupDecision decision,
      @Nullable StorageInstance instance) {
    String name = backup.getSpec().instanceRef().name();
    if (instance == null) {
      ActiveBackend nowhere = new ActiveBackend(Backend.SQLITE, 1);
      return new BackupScene(
          scene(name, null, null, nowhere, new Look(client, backup)), null, null, nowhere);
    }
    Look look = new Look(client, backup);
    Names names = Names.of(instance);
    Secret binding = look.ours(Secret.class, names.binding(), instance);
    ActiveBackend active =
        ActiveBackend.of(
            binding,
            look.ours(PersistentVolumeClaim.class, names.dataClaim(), instance),
            look.ours(PersistentVolumeClaim.class, names.postgresqlClaim(), instance),
            Objects.requireNonNullElse(
                instance.getSpec() == null ? null : instance.getSpec().backend(), Backend.SQLITE));
    InstanceModel model =
        InstanceModel.of(instance, config)
            .trusting(
                CertificateStep.trusted(look.get(Secret.class, names.certificate()), instance));
    BackupModel options = BackupModel.of(instance);
    if (options != null && decision != null) {
      options = options.at(decision.target());
    }
    return new BackupScene(scene(name, instance, options, active, look), model, options, active);
  }

  private static Scene scene(
      String name,
      @Nullable StorageInstance instance,
      @Nullable BackupModel options,
      ActiveBackend active,
      Look look) {
    Names names = new Names(name);
    return new Scene(
        name,
        instance != null,
        instance != null && instance.getMetadata().getDeletionTimestamp() != null,
        options != null,
        instance != null && look.ours(Secret.class, names.binding(), instance) != null,
        active.backend(),
        instance == null || options == null ? null : look.filesMissing(options, instance),
        instance != null
            && look.stays(look.ours(PersistentVolumeClaim.class, names.dataClaim(), instance)),
        instance == null || active.backend() != Backend.POSTGRESQL ? null : look.lacking(instance),
        instance != null && look.ready(look.ours(StatefulSet.class, names.postgresql(), instance)),
        instance != null
            && instance.getSpec() != null
            && Boolean.TRUE.equals(instance.getSpec().suspend()),
        instance == null ? null : look.move(instance),
        instance == null ? null : look.schemaJob(instance),
        active.backend() == Backend.POSTGRESQL
            ? PasswordChange.underWay(look.client, look.namespace, names)
            : null,
        instance == null ? null : BackupsAtWork.of(look.client, instance),
        options == null ? "" : Objects.requireNonNullElse(options.claim(), ""),
        options == null ? Scene.Target.MISSING : look.target(options, name));
  }

  /** Reads of one namespace. */
  private record Look(KubernetesClient client, String namespace) {
    Look(KubernetesClient client, StorageBackup backup) {
      this(client, backup.getMetadata().getNamespace());
    }

    <T extends HasMetadata> @Nullable T get(Class<T> type, String name) {
      return client.resources(type).inNamespace(namespace).withName(name).get();
    }

    <T extends HasMetadata> @Nullable T ours(Class<T> type, String name, StorageInstance instance) {
      T object = get(type, name);
      return object != null && Labels.isOurs(object, instance) ? object : null;
    }

    /** A pod would wait for it until its Job's time is up. */
    @Nullable String lacking(StorageInstance instance) {
      boolean elsewhere =
          instance.getSpec() != null
              && instance.getSpec().postgresql() != null
              && instance.getSpec().postgresql().external() != null;
      String name = Names.of(instance).role();
      Secret role = elsewhere ? null : ours(Secret.class, name, instance);
      return elsewhere || role != null && RoleSecret.knows(role) ? null : name;
    }

    boolean stays(@Nullable HasMetadata object) {
      return object != null && object.getMetadata().getDeletionTimestamp() == null;
    }

    boolean ready(@Nullable StatefulSet server) {
      return server != null
          && server.getStatus() != null
          && server.getStatus().getReadyReplicas() != null
          && server.getStatus().getReadyReplicas() > 0;
    }

    @Nullable String filesMissing(BackupModel options, StorageInstance instance) {
      if (options.extraPaths().isEmpty()) {
        return null;
      }
      String name = options.filesClaim();
      PersistentVolumeClaim claim =
          name.equals(Names.of(instance).dataClaim())
              ? ours(PersistentVolumeClaim.class, name, instance)
              : get(PersistentVolumeClaim.class, name);
      return stays(claim) ? null : name;
    }

    Scene.Target target(BackupModel options, String instance) {
      if (options.claim() == null) {
        // Whether a bucket is there is known to whoever writes to it.
        return Scene.Target.THERE;
      }
      PersistentVolumeClaim claim = get(PersistentVolumeClaim.class, options.claim());
      if (claim == null) {
        return options.volume() == null ? Scene.Target.MISSING : Scene.Target.TO_BE_MADE;
      }
      if (!stays(claim)) {
        return Scene.Target.TERMINATING;
      }
      if (BackupClaim.holdsData(claim)) {
        return Scene.Target.DATA;
      }
      return options.volume() == null || BackupClaim.made(claim, instance)
          ? Scene.Target.THERE
          : Scene.Target.FOREIGN;
    }

    @Nullable String move(StorageInstance instance) {
      return client
          .resources(StorageMigration.class)
          .inNamespace(namespace)
          .list()
          .getItems()
          .stream()
          .filter(m -> Labels.isOurs(m, instance))
          .filter(m -> !Boolean.TRUE.equals(m.getSpec().dryRun()))
          .filter(m -> Annotations.get(m, Annotations.ENDED) == null)
          .map(m -> "StorageMigration " + m.getMetadata().getName())
          .findFirst()
          .or(() ->
              Optional.ofNullable(
                  RestoresAtWork.of(client, namespace, instance.getMetadata().getName())))
          .orElse(null);
    }

    @Nullable String schemaJob(StorageInstance instance) {
      return client
          .batch()
          .v1()
          .jobs()
          .inNamespace(namespace)
          .withLabels(Labels.of(instance, SchemaJob.COMPONENT))
          .list()
          .getItems()
          .stream()
          .filter(j -> !JobOutcome.of(j).ended())
          .map(j -> j.getMetadata().getName())
          .findFirst()
          .orElse(null);
    }
  }
}
