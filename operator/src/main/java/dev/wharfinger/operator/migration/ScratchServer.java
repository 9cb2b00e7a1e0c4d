package dev.wharfinger.operator.migration;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.dependent.CertificateSecrets;
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
import dev.wharfinger.operator.model.ServerTls;
import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.operator.tls.Served;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.ArrayList;
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
        // Nobody edits it in the time that such a server has.
        name + "-credentials",
        name + "-tls",
        model.namespace(),
        labels,
        identity,
        Owner.of(migration),
        true,
        ServerTls.of(model.sslMode()));
  }

  /** Everything it consists of, the Secrets with a new password and a new certificate. */
  public static List<HasMetadata> objects(
      InstanceModel model, PostgresqlServer server, Instant now) {
    Secret credentials =
        CredentialsSecret.desired(model.postgresql(), server)
            .edit()
            .editMetadata()
            .withOwnerReferences(server.owner())
            .endMetadata()
            .build();
    List<HasMetadata> objects = new ArrayList<>(List.of(credentials));
    if (server.tls() != ServerTls.OFF) {
      // Signed by an authority that is gone a moment later: nobody else is ever to believe it.
      objects.add(
          CertificateSecrets.certificate(
              server,
              Served.of(Map.of())
                  .due(new Authorities(Authority.make(now), null), server.hosts(), true, now)));
    }
    objects.addAll(
        List.of(
            PostgresqlConfigMap.desired(model.postgresql(), server, ""),
            PostgresqlService.client(server),
            PostgresqlService.headless(server),
            PostgresqlStatefulSet.desired(model.postgresql(), server)));
    return objects;
  }
}
