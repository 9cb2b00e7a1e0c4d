package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/**
 * An instance's external server as a run found it: either what is known of it, or what keeps it
 * from being known.
 */
record External(@Nullable ExternalServer server, @Nullable StalledException problem) {

  /**
   * Reads the Secrets that the spec names, live: they carry no label of ours, and nobody else's
   * Secrets are ever cached.
   *
   * @return null where the server is the operator's own
   */
  static @Nullable External of(InstanceModel model, Writer writer) {
    if (model.external() == null) {
      return null;
    }
    try {
      return new External(ExternalServer.of(model, name -> writer.live(Secret.class, name)), null);
    } catch (StalledException e) {
      return new External(null, e);
    }
  }
}
