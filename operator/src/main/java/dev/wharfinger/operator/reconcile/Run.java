package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Everything one run of the reconciler works on.
 *
 * @param instance the resource as the cache has it
 * @param model it with defaults applied
 * @param active where the data lives
 * @param observed its objects
 * @param writer the hands
 * @param advice what is known of the application
 * @param external the server that somebody else runs, or null
 * @param schema its schema migrations outside of moves, or null where there are none
 * @param given the certificate that somebody else makes, or null
 */
record Run(
    StorageInstance instance,
    InstanceModel model,
    ActiveBackend active,
    Observed observed,
    Writer writer,
    Advice advice,
    @Nullable External external,
    @Nullable Schema schema,
    @Nullable Given given) {

  /** What has a password that opens the server, or null where that is not seen yet. */
  @Nullable Secret credentials() {
    if (external == null) {
      return RoleStep.credentials(this);
    }
    return external.server() == null ? null : external.server().credentials();
  }

  /** What has the password that Jobs log in with, whatever the application was told. */
  @Nullable Secret login() {
    return external == null && observed.role() != null ? observed.role() : credentials();
  }

  /**
   * The move that is asked for and neither taken back nor done, whether it runs or failed; or null.
   */
  @Nullable StorageMigration migration() {
    return observed.migrations().stream()
        .filter(m -> Labels.isOurs(m, instance))
        .filter(m -> !Boolean.TRUE.equals(m.getSpec().dryRun()))
        .filter(m -> m.getSpec().from() == active.backend())
        .filter(m -> Annotations.get(m, Annotations.CANCELLED) == null)
        .filter(m -> m.getMetadata().getDeletionTimestamp() == null)
        // One of long ago, before the data came back.
        .filter(m -> !MigrationPhase.DONE.value().equals(Annotations.get(m, Annotations.ENDED)))
        .findFirst()
        .orElse(null);
  }

  /** Whether a move has not ended yet, in whatever direction. */
  boolean moving() {
    return observed.openMove(instance) != null;
  }
}
