package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Back;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.Large;
import dev.wharfinger.api.v1alpha1.MigrationFormat;
import dev.wharfinger.api.v1alpha1.MigrationPolicy;
import dev.wharfinger.api.v1alpha1.MigrationSpec;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageInstanceSpec;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationSpec;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Owner;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A move as it is asked for. What the spec says later is for another one. */
final class MigrationRequest {
  private MigrationRequest() {}

  /** The move of {@code run} to the backend that the spec names. */
  static StorageMigration of(Run run) {
    StorageMigration migration = new StorageMigration();
    migration.setMetadata(
        new ObjectMetaBuilder()
            .withName(run.model().name() + "-" + run.instance().getMetadata().getGeneration())
            .withNamespace(run.model().namespace())
            .withLabels(Labels.of(run.instance(), "migration"))
            .withOwnerReferences(Owner.of(run.instance()))
            .withAnnotations(mode(run))
            // Else the framework adds it before our first run, and what it is refused it only logs.
            .withFinalizers(StorageMigrationReconciler.FINALIZER)
            .build());
    migration.setSpec(
        new StorageMigrationSpec(
            new LocalRef(run.model().name()),
            run.active().backend(),
            run.model().requested(),
            false,
            policies(run),
            back(run),
            large(run),
            formats(run)));
    return migration;
  }

  /** An external server is asked as its spec says, in a move as ever. */
  private static Map<String, String> mode(Run run) {
    return run.model().external() == null
        ? Map.of(Annotations.SSL_MODE, run.model().sslMode())
        : Map.of();
  }

  /** What a move back means; null for one to PostgreSQL. */
  static @Nullable Back back(Run run) {
    return run.model().requested() == Backend.SQLITE ? Back.asked(run.instance().getSpec()) : null;
  }

  /** As they are now: what is decided later is for another move. */
  private static @Nullable List<MigrationPolicy> policies(Run run) {
    MigrationSpec migration = asked(run);
    return migration == null ? null : migration.policies();
  }

  /** How data goes to PostgreSQL; null for a move back. */
  private static @Nullable Large large(Run run) {
    MigrationSpec migration = asked(run);
    return migration == null || run.model().requested() == Backend.SQLITE
        ? null
        : migration.large();
  }

  private static @Nullable MigrationSpec asked(Run run) {
    StorageInstanceSpec spec = run.instance().getSpec();
    return spec == null ? null : spec.migration();
  }

  /** Those of a new SQLite file; null for every other move. */
  private static @Nullable List<MigrationFormat> formats(Run run) {
    MigrationSpec migration = asked(run);
    return migration == null || back(run) != Back.COPY ? null : migration.formats();
  }
}
