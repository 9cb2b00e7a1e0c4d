package dev.wharfinger.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real kube-apiserver with etcd, one per JVM, with our CRDs and two storage classes. The binaries
 * come from the folder that the environment variable KUBE_API_TEST_DIR names.
 */
public final class ApiServer {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static @Nullable ApiServer shared;

  private final String kubeconfig;
  private final KubernetesClient client;

  private ApiServer(String kubeconfig) {
    this.kubeconfig = kubeconfig;
    this.client = new KubernetesClientBuilder().withConfig(config()).build();
  }

  /** The server of this JVM; started on first use, ended with the JVM. */
  public static synchronized ApiServer shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  private static ApiServer start() {
    String directory = System.getenv("KUBE_API_TEST_DIR");
    if (directory == null || !Files.isDirectory(Path.of(directory, "k8s"))) {
      throw new IllegalStateException(
          "this test needs a kube-apiserver: set KUBE_API_TEST_DIR to the folder that"
              + " `e2e/cluster/cluster binaries --kube-api-test` prints");
    }
    KubeAPIServer process =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(directory)
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .withApiServerFlag("--bind-address", "127.0.0.1")
                .withStartupTimeout(60_000)
                .build());
    process.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::stop, "api-server-stop"));
    ApiServer server = new ApiServer(process.getKubeConfigYaml());
    server.prepare();
    return server;
  }

  private void prepare() {
    for (String crd : new String[] {"storageinstances", "storagemigrations"}) {
      client.resource(crd(crd)).create();
    }
    for (String crd : new String[] {"storageinstances", "storagemigrations"}) {
      client
          .resources(CustomResourceDefinition.class)
          .withName(crd + ".wharfinger.dev")
          .waitUntilCondition(ApiServer::established, 30, TimeUnit.SECONDS);
    }
    storageClass("growing", true);
    storageClass("fixed", false);
  }

  private static boolean established(@Nullable CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  private CustomResourceDefinition crd(String plural) {
    String file = "/META-INF/fabric8/" + plural + ".wharfinger.dev-v1.yml";
    try (InputStream in = ApiServer.class.getResourceAsStream(file)) {
      return client
          .getKubernetesSerialization()
          .unmarshal(Objects.requireNonNull(in, file), CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** A new configuration of a client with every right. */
  public Config config() {
    return Config.fromKubeconfig(kubeconfig);
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
}
