package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.BackupJob;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the instance's reconciler watches: only objects with our label, so that nobody else's
 * Secrets are ever cached, and found by label rather than by owner, because claims and credentials
 * have none.
 */
final class Watches {
  private Watches() {}

  static List<EventSource<?, StorageInstance>> ofInstances(
      EventSourceContext<StorageInstance> context) {
    return Stream.concat(labelled(context), Stream.of(backups(context))).toList();
  }

  private static Stream<EventSource<?, StorageInstance>> labelled(
      EventSourceContext<StorageInstance> context) {
    return Stream.<Class<? extends HasMetadata>>of(
            PersistentVolumeClaim.class,
            Secret.class,
            ConfigMap.class,
            Service.class,
            StatefulSet.class,
            Job.class,
            Pod.class,
            StorageMigration.class)
        .map(type -> ofInstances(type, context));
  }

  /** People's own StorageBackups carry no label of ours, and are as good as any. */
  private static InformerEventSource<StorageBackup, StorageInstance> backups(
      EventSourceContext<StorageInstance> context) {
    InformerEventSourceConfiguration.Builder<StorageBackup> builder =
        InformerEventSourceConfiguration.from(StorageBackup.class, StorageInstance.class);
    return new InformerEventSource<>(
        builder
            .withNamespacesInheritedFromController()
            .withSecondaryToPrimaryMapper(backup ->
                Set.of(
                    new ResourceID(
                        backup.getSpec().instanceRef().name(),
                        backup.getMetadata().getNamespace())))
            .build(),
        context);
  }

  private static <T extends HasMetadata> InformerEventSource<T, StorageInstance> ofInstances(
      Class<T> type, EventSourceContext<StorageInstance> context) {
    InformerEventSourceConfiguration.Builder<T> builder =
        InformerEventSourceConfiguration.from(type, StorageInstance.class);
    // People's own dry runs carry no label of ours and are nothing to the instance.
    return new InformerEventSource<>(
        builder
            .withNamespacesInheritedFromController()
            .withLabelSelector(Labels.SELECTOR)
            .withSecondaryToPrimaryMapper(Watches::instance)
            .build(),
        context);
  }

  /** How the pod of a backup gets on is nothing to the instance; that its Job has ended may be. */
  private static boolean backup(Map<String, String> labels) {
    return BackupJob.COMPONENT.equals(labels.get(Labels.COMPONENT));
  }

  private static Set<ResourceID> instance(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    if (labels == null || object instanceof Pod && backup(labels)) {
      return Set.of();
    }
    String name = labels.get(Labels.INSTANCE);
    return name == null
        ? Set.of()
        : Set.of(new ResourceID(name, object.getMetadata().getNamespace()));
  }
}
