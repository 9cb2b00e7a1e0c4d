package dev.wharfinger.operator.model;

import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Map;

/**
 * One PostgreSQL server of an instance: its own, or a scratch one that a dry run tries the data on.
 *
 * @param name StatefulSet, ConfigMap and client Service
 * @param headless headless Service
 * @param credentials Secret with the role's password, its verifier and {@code bootstrap.sql}
 * @param namespace where it runs
 * @param labels of all its objects
 * @param selector labels of its pod, which can never change
 * @param owner what StatefulSet, Services and ConfigMap go away with; claims and the instance's
 *     credentials have none
 * @param scratch whether its data lives in an emptyDir
 */
public record PostgresqlServer(
    String name,
    String headless,
    String credentials,
    String namespace,
    Map<String, String> labels,
    Map<String, String> selector,
    OwnerReference owner,
    boolean scratch) {

  public static final String COMPONENT = "postgresql";

  /** The instance's own server. */
  public static PostgresqlServer of(InstanceModel model) {
    return new PostgresqlServer(
        model.names().postgresql(),
        model.names().postgresqlHeadless(),
        model.names().credentials(),
        model.namespace(),
        Labels.of(model.instance(), COMPONENT),
        Labels.serverSelector(model.name()),
        Owner.of(model.instance()),
        false);
  }

  /** Name of the client Service as seen from any namespace. */
  public String host() {
    return name + "." + namespace + ".svc";
  }
}
