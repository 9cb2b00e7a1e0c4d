package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.job.BackupJob;
import dev.wharfinger.operator.job.SetAddress;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What wakes a backup that has not ended. What it does next is decided by live reads. */
final class BackupWatches {
  private static final String SELECTOR =
      Labels.SELECTOR + "," + Labels.COMPONENT + "=" + BackupJob.COMPONENT;

  private BackupWatches() {}

  static List<EventSource<?, StorageBackup>> of(EventSourceContext<StorageBackup> context) {
    return List.of(labelled(Job.class, context), labelled(Pod.class, context), instances(context));
  }

  private static <T extends HasMetadata> InformerEventSource<T, StorageBackup> labelled(
      Class<T> type, EventSourceContext<StorageBackup> context) {
    InformerEventSourceConfiguration.Builder<T> builder =
        InformerEventSourceConfiguration.from(type, StorageBackup.class);
    return new InformerEventSource<>(
        builder
            .withNamespacesInheritedFromController()
            .withLabelSelector(SELECTOR)
            .withSecondaryToPrimaryMapper(object -> ofSet(object, context))
            .build(),
        context);
  }

  private static InformerEventSource<StorageInstance, StorageBackup> instances(
      EventSourceContext<StorageBackup> context) {
    InformerEventSourceConfiguration.Builder<StorageInstance> builder =
        InformerEventSourceConfiguration.from(StorageInstance.class, StorageBackup.class);
    return new InformerEventSource<>(
        builder
            .withNamespacesInheritedFromController()
            .withSecondaryToPrimaryMapper(instance ->
                unfinished(
                    instance,
                    context,
                    b -> instance.getMetadata().getName().equals(b.getSpec().instanceRef().name())))
            .build(),
        context);
  }

  private static Set<ResourceID> ofSet(
      HasMetadata object, EventSourceContext<StorageBackup> context) {
    Map<String, String> labels = object.getMetadata().getLabels();
    String set = labels == null ? null : labels.get(Labels.BACKUP_SET);
    return set == null
        ? Set.of()
        : unfinished(object, context, backup -> set.equals(SetAddress.id(backup)));
  }

  private static Set<ResourceID> unfinished(
      HasMetadata seen, EventSourceContext<StorageBackup> context, Predicate<StorageBackup> which) {
    return context
        .getPrimaryCache()
        .list(seen.getMetadata().getNamespace(), which)
        .filter(backup -> BackupResult.of(backup) == null)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }
}
