package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus.Connection;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/** Where the data is, as the application is told: from the binding, and only what is no secret. */
final class ConnectionFacts {
  private ConnectionFacts() {}

  /** The facts, or null before there is a binding and for a database in memory. */
  static @Nullable Connection of(Observed observed, Names names) {
    Secret binding = observed.binding();
    String database = value(binding, "database");
    if (database == null) {
      return null;
    }
    boolean sqlite = Backend.SQLITE.value().equals(Annotations.get(binding, Annotations.BACKEND));
    PersistentVolumeClaim claim = sqlite ? observed.dataClaim() : observed.serverClaim();
    String port = value(binding, "port");
    return new Connection(
        value(binding, "host"),
        port == null || !port.matches("[0-9]{1,5}") ? null : Integer.valueOf(port),
        database,
        claim == null ? null : sqlite ? names.dataClaim() : names.postgresqlClaim());
  }

  private static @Nullable String value(@Nullable Secret binding, String key) {
    try {
      return SecretText.of(binding, key);
    } catch (IllegalArgumentException e) {
      // Somebody wrote into it; it is being put right.
      return null;
    }
  }
}
