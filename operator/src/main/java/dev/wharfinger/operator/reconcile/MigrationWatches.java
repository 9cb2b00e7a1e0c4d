package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.Move;
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
import java.util.stream.Collectors;

/** What wakes a migration. Only that: what it does next is decided by live reads. */
final class MigrationWatches {
  private static final String SELECTOR =
      Labels.SELECTOR + "," + Labels.COMPONENT + "=" + Move.COMPONENT;

  private MigrationWatches() {}

  static List<EventSource<?, StorageMigration>> of(EventSourceContext<StorageMigration> context) {
    return List.of(labelled(Job.class, context), labelled(Pod.class, context), instances(context));
  }

  private static <T extends HasMetadata> InformerEventSource<T, StorageMigration> labelled(
      Class<T> type, EventSourceContext<StorageMigration> context) {
    InformerEventSourceConfiguration.Builder<T> builder =
        InformerEventSourceConfiguration.from(type, StorageMigration.class);
    return new InformerEventSource<>(
        builder
            .withNamespacesInheritedFromController()
            .withLabelSelector(SELECTOR)
            .withSecondaryToPrimaryMapper(MigrationWatches::migration)
            .build(),
        context);
  }

  private static InformerEventSource<StorageInstance, StorageMigration> instances(
      EventSourceContext<StorageMigration> context) {
    InformerEventSourceConfiguration.Builder<StorageInstance> builder =
        InformerEventSourceConfiguration.from(StorageInstance.class, StorageMigration.class);
    return new InformerEventSource<>(
        builder
            .withNamespacesInheritedFromController()
            .withSecondaryToPrimaryMapper(instance -> ofInstance(instance, context))
            .build(),
        context);
  }

  private static Set<ResourceID> ofInstance(
      StorageInstance instance, EventSourceContext<StorageMigration> context) {
    return context
        .getPrimaryCache()
        .list(
            instance.getMetadata().getNamespace(),
            m -> instance.getMetadata().getName().equals(m.getSpec().instanceRef().name()))
        .filter(m -> MigrationObserver.ended(m) == null)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /**
   * A name too long for a label is not found here; such a migration is woken by the clock alone.
   */
  private static Set<ResourceID> migration(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    String name = labels == null ? null : labels.get(Labels.MIGRATION);
    return name == null
        ? Set.of()
        : Set.of(new ResourceID(name, object.getMetadata().getNamespace()));
  }
}
