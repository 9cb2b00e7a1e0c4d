package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;

/** The Services of a server: one for clients, one that gives the pod its name. */
public final class PostgresqlService {
  private PostgresqlService() {}

  /** PHX-19, PHX-27: a stable name for clients. */
  public static Service client(PostgresqlServer server) {
    return service(server, server.name()).build();
  }

  /** Required by the StatefulSet. */
  public static Service headless(PostgresqlServer server) {
    return service(server, server.headless())
        .editSpec()
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .endSpec()
        .build();
  }

  private static ServiceBuilder service(PostgresqlServer server, String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(server.namespace())
        .withLabels(server.labels())
        .withOwnerReferences(server.owner())
        .endMetadata()
        .withNewSpec()
        .withSelector(server.selector())
        .addNewPort()
        .withName("postgresql")
        .withProtocol("TCP")
        .withPort(PostgresqlModel.PORT)
        .withNewTargetPort("postgresql")
        .endPort()
        .endSpec();
  }
}
