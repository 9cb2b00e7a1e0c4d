package dev.wharfinger.operator.model;

import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One PostgreSQL server of an instance: its own, or a scratch one that a dry run tries the data on.
 *
 * @param name StatefulSet, ConfigMap and client Service
 * @param headless headless Service
 * @param credentials Secret with the password that the role is to have, and {@code bootstrap.sql}
 * @param role Secret with the password that the role has
 * @param certificate Secret with its certificate and key, and what clients verify it by
 * @param namespace where it runs
 * @param labels of all its objects
 * @param selector labels of its pod, which can never change
 * @param owner what StatefulSet, Services and ConfigMap go away with; claims and the instance's
 *     credentials have none
 * @param scratch whether its data lives in an emptyDir
 * @param tls what it does about TLS
 */
public record PostgresqlServer(
    String name,
    String headless,
    String credentials,
    String role,
    String certificate,
    String namespace,
    Map<String, String> labels,
    Map<String, String> selector,
    OwnerReference owner,
    boolean scratch,
    ServerTls tls) {

  public static final String COMPONENT = "postgresql";

  /** A cluster may have another domain; then its short names do. */
  private static final String DOMAIN = ".svc.cluster.local";

  /** The instance's own server. */
  public static PostgresqlServer of(InstanceModel model) {
    return new PostgresqlServer(
        model.names().postgresql(),
        model.names().postgresqlHeadless(),
        model.names().credentials(),
        model.names().role(),
        model.names().certificate(),
        model.namespace(),
        Labels.of(model.instance(), COMPONENT),
        Labels.serverSelector(model.name()),
        Owner.of(model.instance()),
        false,
        ServerTls.of(model.sslMode()));
  }

  /** The same with something else about TLS. */
  public PostgresqlServer with(ServerTls other) {
    return new PostgresqlServer(
        name,
        headless,
        credentials,
        role,
        certificate,
        namespace,
        labels,
        selector,
        owner,
        scratch,
        other);
  }

  /** Name of the client Service as seen from any namespace. */
  public String host() {
    return name + "." + namespace + ".svc";
  }

  /** Every name under which a client in the cluster may reach it; the first is that of old. */
  public List<String> hosts() {
    return Stream.of(name, headless, name + "-0." + headless)
        .flatMap(service ->
            Stream.of("", "." + namespace, "." + namespace + ".svc", "." + namespace + DOMAIN)
                .map(service::concat))
        .toList();
  }
}
