package dev.wharfinger.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests an {@link ApiServer} with the CRDs, or an administrator's client of it. All classes
 * of a run share one server: work in a namespace of your own.
 */
public final class ApiServerExtension implements ParameterResolver {
  private static final Namespace STORE = Namespace.create(ApiServerExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == ApiServer.class || type == KubernetesClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Shared shared =
        context
            .getRoot()
            .getStore(STORE)
            .computeIfAbsent(Shared.class, key -> Shared.start(), Shared.class);
    return parameter.getParameter().getType() == ApiServer.class ? shared.server : shared.client;
  }

  /** JUnit closes it at the end of the run. */
  private record Shared(ApiServer server, KubernetesClient client) implements AutoCloseable {
    static Shared start() {
      ApiServer server = ApiServer.start();
      KubernetesClient client = server.client();
      Crds.apply(client);
      return new Shared(server, client);
    }

    @Override
    public void close() {
      client.close();
      server.close();
    }
  }
}
