package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.References;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the application has the SQLite volume: one for one node at a time is mounted there only.
 */
final class VolumeNode {
  private VolumeNode() {}

  /** The node's name, or null where no pod of the application uses the volume. */
  static @Nullable String of(List<Pod> pods, Names names) {
    return pods.stream()
        .filter(PodsInTheWay::live)
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .filter(p -> References.mountsClaim(p.getSpec(), names.dataClaim()))
        .filter(p -> !Labels.made(p))
        .map(p -> p.getSpec().getNodeName())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
