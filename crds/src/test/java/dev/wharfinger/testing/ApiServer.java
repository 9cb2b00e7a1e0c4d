package dev.wharfinger.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real kube-apiserver with etcd, and nothing else: no controllers, no nodes, and no tokens for
 * pods. RBAC and Pod Security are in force. It ends with {@link #close}.
 */
public final class ApiServer implements AutoCloseable {
  private static final String DIRECTORY = "KUBE_API_TEST_DIR";

  private final KubeAPIServer server;
  private final Config admin;

  private ApiServer(KubeAPIServer server) {
    this.server = server;
    this.admin = Config.fromKubeconfig(server.getKubeConfigYaml());
  }

  /**
   * Starts a server of its own, which takes some seconds.
   *
   * @throws IllegalStateException telling how to get the binaries where they are not known
   */
  public static ApiServer start() {
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(binaries().toString())
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
    server.start();
    return new ApiServer(server);
  }

  private static Path binaries() {
    String value = System.getenv(DIRECTORY);
    if (value == null || !Files.isDirectory(Path.of(value, "k8s"))) {
      throw new IllegalStateException(
          "%s %s. Integration tests run against a real API server: run ./e2e/test, or set it by hand: export %s=$(e2e/cluster/cluster binaries --kube-api-test)"
              .formatted(
                  DIRECTORY,
                  value == null ? "is not set" : "is " + value + ", which has no folder k8s",
                  DIRECTORY));
    }
    return Path.of(value);
  }

  /** A client that may do everything. */
  public KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(admin).build();
  }

  /** A client with exactly the rights of a service account. */
  public KubernetesClient clientOf(String namespace, String serviceAccount) {
    Config config =
        new ConfigBuilder(admin)
            .withImpersonateUsername("system:serviceaccount:" + namespace + ":" + serviceAccount)
            .withImpersonateGroups(
                "system:serviceaccounts",
                "system:serviceaccounts:" + namespace,
                "system:authenticated")
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The administrator's kubeconfig as YAML. */
  public String kubeconfig() {
    return server.getKubeConfigYaml();
  }

  @Override
  public void close() {
    server.stop();
  }
}
