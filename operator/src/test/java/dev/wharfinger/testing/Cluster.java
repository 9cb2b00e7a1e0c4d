package dev.wharfinger.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The API server of this JVM, with our CRDs and two storage classes; ended with the JVM. */
public final class Cluster {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static @Nullable Cluster shared;

  private final ApiServer server;
  private final KubernetesClient client;

  private Cluster(ApiServer server) {
    this.server = server;
    this.client = server.client();
  }

  /** The cluster; started on first use. */
  public static synchronized Cluster shared() {
    if (shared == null) {
      ApiServer server = ApiServer.start();
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "api-server-stop"));
      shared = new Cluster(server);
      Crds.apply(shared.client);
      shared.storageClass("growing", true);
      shared.storageClass("fixed", false);
    }
    return shared;
  }

  private void storageClass(String name, boolean growing) {
    client
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName(name)
                .withAnnotations(
                    Map.of(
                        "storageclass.kubernetes.io/is-default-class", Boolean.toString(growing)))
                .endMetadata()
                .withProvisioner("example.com/none")
                .withAllowVolumeExpansion(growing)
                .build())
        .create();
  }

  /** A client with every right. */
  public KubernetesClient client() {
    return client;
  }

  /** A new namespace that enforces Pod Security {@code restricted}. */
  public String namespace(String prefix) {
    String name = prefix + "-" + NAMESPACES.incrementAndGet();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
    return name;
  }

  /** Gives the operator in a namespace the rights that the chart gives it, and logs in as it. */
  public Config operatorOf(String namespace) {
    for (HasMetadata object : Helm.template(namespace)) {
      if (object instanceof Role
          || object instanceof RoleBinding
          || object instanceof ServiceAccount) {
        client.resource(object).serverSideApply();
      }
    }
    try (KubernetesClient operator = server.clientOf(namespace, "wharfinger")) {
      return operator.getConfiguration();
    }
  }
}
