package dev.wharfinger.operator.migration;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.dependent.PostgresqlConfigMap;
import dev.wharfinger.operator.dependent.PostgresqlService;
import dev.wharfinger.operator.dependent.PostgresqlStatefulSet;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.PostgresqlServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The server on which a dry run tries the data: it owns no claim, goes away with its migration, and
 * carries a component of its own, so that the instance's Service never finds it.
 */
public final class ScratchServer {
  private static final String COMPONENT = "postgresql-dry-run";

  private ScratchServer() {}

  /** The server of this dry run. */
  public static PostgresqlServer of(InstanceModel model, StorageMigration migration) {
    // At most 51 characters: the StatefulSet controller appends a hash of eleven in a label.
    String name =
        model.name() + "-dry-" + Names.hash(migration.getMetadata().getUid()).substring(0, 6);
    Map<String, String> identity = new TreeMap<>(Labels.serverSelector(model.name()));
    identity.put(Labels.COMPONENT, COMPONENT);
    identity.put(Labels.MIGRATION, Move.base(migration.getMetadata().getName()));
    Map<String, String> labels = new TreeMap<>(Labels.of(model.instance(), COMPONENT));
    labels.putAll(identity);
    return new PostgresqlServer(
        name,
        name + "-headless",
        name + "-credentials",
        model.namespace(),
        labels,
        identity,
        Owner.of(migration),
        true);
  }

  /** Everything it consists of, the Secret with a new password. */
  public static List<HasMetadata> objects(InstanceModel model, PostgresqlServer server) {
    Secret credentials =
        CredentialsSecret.desired(model.postgresql(), server)
            .edit()
            .editMetadata()
            .withOwnerReferences(server.owner())
            .endMetadata()
            .build();
    return List.of(
        credentials,
        PostgresqlConfigMap.desired(model.postgresql(), server, ""),
        PostgresqlService.client(server),
        PostgresqlService.headless(server),
        PostgresqlStatefulSet.desired(model.postgresql(), server));
  }
}
