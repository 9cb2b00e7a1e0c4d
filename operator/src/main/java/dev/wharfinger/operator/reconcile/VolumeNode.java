package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.job.References;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the application has the SQLite volume: one for one node at a time is mounted there only.
 */
final class VolumeNode {
  private VolumeNode() {}

  /** The node, or null where no pod of the application uses the volume. */
  static @Nullable Place of(List<Pod> pods, Names names) {
    return of(pods, names.dataClaim());
  }

  /** The same for any claim. */
  static @Nullable Place of(List<Pod> pods, String claim) {
    return pods.stream()
        .filter(PodsInTheWay::live)
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .filter(p -> References.mountsClaim(p.getSpec(), claim))
        .filter(p -> !Labels.made(p))
        .filter(p -> p.getSpec().getNodeName() != null)
        .findFirst()
        .map(p -> Place.of(p.getSpec()))
        .orElse(null);
  }
}
