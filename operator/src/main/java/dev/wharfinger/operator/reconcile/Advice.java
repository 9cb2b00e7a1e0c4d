package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.BackupCondition;
import dev.wharfinger.operator.backup.DrillCondition;
import dev.wharfinger.operator.status.Conditions;
import dev.wharfinger.operator.status.ConnectionBudget;
import dev.wharfinger.operator.status.SingleWriter;
import dev.wharfinger.operator.status.Workload;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the application does that its database will not bear, said before it happens. Never in
 * anybody's way: no step waits for it, and Ready does not speak of it.
 */
final class Advice {
  private static final Set<String> TYPES = Set.of(ConnectionBudget.TYPE, SingleWriter.TYPE);

  private final Workloads workloads;
  private final Clock clock;

  Advice(Workloads workloads, Clock clock) {
    this.workloads = workloads;
    this.clock = clock;
  }

  /**
   * The condition for the backend that holds the data, or none. While anything is under way it is
   * what it was: in a move, and while a server starts, the workloads are not as they are meant.
   */
  List<Condition> of(Run run, StepResult result, KubernetesClient client) {
    return Stream.concat(ofApplication(run, result, client).stream(), ofSchema(run).stream())
        .toList();
  }

  /** What is known of the application, its schema, its backups and its server. */
  static List<Condition> before(StorageInstance instance) {
    return before(
        instance,
        Set.of(
            ConnectionBudget.TYPE,
            SingleWriter.TYPE,
            Schema.TYPE,
            BackupCondition.TYPE,
            DrillCondition.TYPE,
            ConnectionStanding.TYPE));
  }

  private static Optional<Condition> ofSchema(Run run) {
    return Optional.ofNullable(run.schema())
        .map(schema -> schema.condition(run))
        .or(() -> Optional.ofNullable(AwaitedSchema.of(run)).map(a -> a.condition(run)));
  }

  private List<Condition> ofApplication(Run run, StepResult result, KubernetesClient client) {
    List<Condition> before = before(run.instance(), TYPES);
    if (!result.done() && !InstanceStatus.harmless(result) || run.moving()) {
      return before;
    }
    Condition now = now(run, client, before);
    if (now == null) {
      return List.of();
    }
    Tidings.tell(run.instance(), now, client, clock.instant());
    return List.of(now);
  }

  /** What the status says of it at present. */
  private static List<Condition> before(StorageInstance instance, Set<String> types) {
    return instance.getStatus() == null || instance.getStatus().conditions() == null
        ? List.of()
        : instance.getStatus().conditions().stream()
            .filter(c -> types.contains(c.getType()))
            .toList();
  }

  /** {@code Deployment/app}, … that still run; empty where none does, or nobody can tell. */
  String running(Run run, KubernetesClient client) {
    try {
      return workloads.using(client, run).stream()
          .filter(w -> w.standing() && w.pods() > 0)
          .map(Workload::label)
          .collect(Collectors.joining(", "));
    } catch (KubernetesClientException e) {
      return "";
    }
  }

  private @Nullable Condition now(Run run, KubernetesClient client, List<Condition> before) {
    boolean sqlite = run.active().backend() == Backend.SQLITE;
    if (sqlite && run.model().sqlite().inMemory()) {
      return null;
    }
    if (!sqlite && run.external() != null) {
      // How many connections somebody else's server takes, and from whom, is not ours to say.
      return null;
    }
    String type = sqlite ? SingleWriter.TYPE : ConnectionBudget.TYPE;
    try {
      List<Workload> users = workloads.using(client, run);
      return sqlite
          ? SingleWriter.of(
              users.stream()
                  .filter(w -> w.written().contains(run.model().names().dataClaim()))
                  .toList())
          : ConnectionBudget.of(run.model().pool(), run.model().postgresql().parameters(), users);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && e.getStatus() != null) {
        return Conditions.advice(
            type,
            Conditions.UNKNOWN,
            "WorkloadsUnknown",
            "the API server refused: " + e.getStatus().getMessage());
      }
      // It cannot answer just now; the next run asks again.
      return Conditions.find(before, type);
    }
  }
}
