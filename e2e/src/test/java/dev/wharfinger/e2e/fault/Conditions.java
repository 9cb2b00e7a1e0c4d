package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the operator says about an instance and its moves. */
final class Conditions {
  private Conditions() {}

  /** Ready, for the spec as it is now. */
  static boolean ready(@Nullable StorageInstance instance) {
    return of(instance).stream()
        .anyMatch(c ->
            c.getType().equals("Ready")
                && c.getStatus().equals("True")
                && Objects.equals(
                    c.getObservedGeneration(),
                    Objects.requireNonNull(instance).getMetadata().getGeneration()));
  }

  /** Any condition with this reason. */
  static boolean reason(@Nullable StorageInstance instance, String reason) {
    return of(instance).stream().anyMatch(c -> reason.equals(c.getReason()));
  }

  /** What the conditions of an instance say in words. */
  static Stream<String> messages(@Nullable StorageInstance instance) {
    return of(instance).stream().map(Condition::getMessage);
  }

  /** What the conditions of a move say in words. */
  static Stream<String> messages(StorageMigration migration) {
    return migration.getStatus() == null || migration.getStatus().conditions() == null
        ? Stream.of()
        : migration.getStatus().conditions().stream().map(Condition::getMessage);
  }

  private static List<Condition> of(@Nullable StorageInstance instance) {
    return instance == null
            || instance.getStatus() == null
            || instance.getStatus().conditions() == null
        ? List.of()
        : instance.getStatus().conditions();
  }

  /** Whether a move of the lane says that it is in a phase. */
  static boolean phase(Lane lane, String phase) {
    return Deeds.migrations(lane).stream()
        .anyMatch(m ->
            m.getStatus() != null
                && m.getStatus().phase() != null
                && m.getStatus().phase().value().equals(phase));
  }
}
