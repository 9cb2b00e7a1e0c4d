package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.dependent.PostgresqlStatefulSet;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.job.SchemaCommandJob;
import dev.wharfinger.operator.migration.EffectiveMode;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.migration.Observed;
import dev.wharfinger.operator.migration.Observed.Schema;
import dev.wharfinger.operator.migration.Observed.Server;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The target's side of what a pass observes. */
final class MigrationTarget {
  private final KubernetesClient client;
  private final String namespace;
  private final OperatorConfig config;

  MigrationTarget(KubernetesClient client, String namespace, OperatorConfig config) {
    this.client = client;
    this.namespace = namespace;
    this.config = config;
  }

  Observed.Target look(
      StorageMigration migration,
      @Nullable Move move,
      ActiveBackend active,
      @Nullable Secret binding,
      @Nullable PersistentVolumeClaim dataClaim,
      List<FoundConsumer> consumers) {
    boolean flipped =
        migration.getMetadata().getUid().equals(Annotations.get(binding, Annotations.OPERATION));
    return new Observed.Target(
        active.backend(),
        migration.getSpec().from(),
        flipped,
        flipped ? MigrationJobs.time(Annotations.get(binding, Annotations.SWITCHED_AT)) : null,
        move == null ? Server.ABSENT : server(move, dataClaim),
        move == null ? Schema.DERIVED : schema(move, consumers));
  }

  /** As the move began with about TLS, and as the server is now. */
  Move move(
      StorageInstance instance,
      InstanceModel model,
      StorageMigration migration,
      PostgresqlServer server) {
    StatefulSet set =
        client.apps().statefulSets().inNamespace(namespace).withName(server.name()).get();
    InstanceModel effective = EffectiveMode.of(model, migration, set);
    ServerTls tls =
        set == null
            ? ServerTls.of(effective.sslMode())
            : PostgresqlStatefulSet.speaksTls(set) ? ServerTls.OFFERED : ServerTls.OFF;
    Secret certificate =
        client.secrets().inNamespace(namespace).withName(server.certificate()).get();
    return new Move(
        effective.trusting(CertificateStep.trusted(certificate, instance)),
        migration,
        server.with(tls));
  }

  /** To move back both are needed: the server that has the data, and a volume for the file. */
  private Server server(Move move, @Nullable PersistentVolumeClaim dataClaim) {
    if (move.backward() && dataClaim == null) {
      return Server.ABSENT;
    }
    Server server = server(move);
    // Before anybody is stopped: in a move no password is changed that was not begun with before.
    return server == Server.READY
            && move.backward()
            && Annotations.get(move.migration(), Annotations.FENCED_AT) == null
            && PasswordChange.underWay(client, namespace, move.model().names()) != null
        ? Server.STARTING
        : server;
  }

  private Server server(Move move) {
    StatefulSet server =
        client.apps().statefulSets().inNamespace(namespace).withName(move.server().name()).get();
    if (server == null || !Labels.isOurs(server, move.model().instance())) {
      return Server.ABSENT;
    }
    Integer ready = server.getStatus() == null ? null : server.getStatus().getReadyReplicas();
    return ready != null && ready >= 1 ? Server.READY : Server.STARTING;
  }

  private Schema schema(Move move, List<FoundConsumer> consumers) {
    SchemaMigrationsSpec spec = spec(move);
    if (move.backward() || spec == null || (spec.command() == null && spec.flyway() == null)) {
      return Schema.DERIVED;
    }
    SchemaMigrationsSpec.Command command = spec.command();
    if (command == null) {
      return Schema.FLYWAY;
    }
    if (!config.allowSchemaCommands()) {
      return Schema.COMMAND_NOT_ALLOWED;
    }
    String binding = move.model().names().binding();
    boolean runnable =
        consumers.stream()
            .anyMatch(
                c -> SchemaCommandJob.container(c.pod(), command.container(), binding).isPresent());
    return runnable ? Schema.COMMAND : Schema.COMMAND_WITHOUT_CONSUMER;
  }

  static @Nullable SchemaMigrationsSpec spec(Move move) {
    return move.model().instance().getSpec() == null
        ? null
        : move.model().instance().getSpec().schemaMigrations();
  }
}
