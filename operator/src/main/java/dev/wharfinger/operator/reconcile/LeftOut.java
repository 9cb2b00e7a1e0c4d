package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.SqliteSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.BackupCondition;
import dev.wharfinger.operator.model.ActiveBackend;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;

/** The application's databases that stay files beside the server, and are in no dump of it. */
final class LeftOut {
  private LeftOut() {}

  /** The condition of backups with their names, where there are any. */
  static Condition named(Condition condition, StorageInstance instance, Observed observed) {
    return condition.getType().equals(BackupCondition.TYPE)
        ? BackupCondition.without(condition, files(instance, observed))
        : condition;
  }

  private static List<String> files(StorageInstance instance, Observed observed) {
    SqliteSpec sqlite = instance.getSpec() == null ? null : instance.getSpec().sqlite();
    if (sqlite == null || sqlite.unmovedDatabases() == null) {
      return List.of();
    }
    ActiveBackend active =
        ActiveBackend.of(
            observed.binding(),
            observed.dataClaim(),
            observed.serverClaim(),
            Objects.requireNonNullElse(instance.getSpec().backend(), Backend.SQLITE));
    return active.backend() == Backend.SQLITE ? List.of() : sqlite.unmovedDatabases();
  }
}
