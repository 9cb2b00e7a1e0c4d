package dev.wharfinger.e2e.fault;

import dev.wharfinger.testing.ApiServer;
import dev.wharfinger.testing.Crds;
import dev.wharfinger.testing.Helm;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDRBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real API server with etcd and the real controllers of Deployments, StatefulSets, Jobs and
 * garbage; no scheduler and no kubelet, which stand-ins play. Ended with the JVM.
 */
final class Floor {
  private static final String CONTROLLERS =
      "deployment-controller,replicaset-controller,statefulset-controller,job-controller,"
          + "garbage-collector-controller,persistentvolumeclaim-protection-controller,"
          + "service-cidr-controller";
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static final String PLACEHOLDER = "namespace-of-the-lane";
  private static @Nullable Floor shared;

  private final KubernetesClient client;
  private final Upstream upstream;
  private final Lookout lookout;
  private final List<HasMetadata> rights;

  private Floor(ApiServer server, Path directory) {
    client = server.client();
    upstream = new Upstream(client.getConfiguration());
    Crds.apply(client);
    client
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName("stand-in")
                .withAnnotations(Map.of("storageclass.kubernetes.io/is-default-class", "true"))
                .endMetadata()
                .withProvisioner("example.com/none")
                .withAllowVolumeExpansion(true)
                .build())
        .create();
    controllers(server.kubeconfig(), directory);
    addresses(client);
    lookout = new Lookout(client);
    rights =
        Helm.template(PLACEHOLDER).stream()
            .filter(o -> o instanceof Role || o instanceof RoleBinding)
            .toList();
  }

  /** The one of this JVM; started on first use. */
  static synchronized Floor shared() {
    if (shared == null) {
      ApiServer server = ApiServer.start();
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "api-server-stop"));
      shared = new Floor(server, directory());
      AotCache.make(shared);
    }
    return shared;
  }

  /** Where logs go. */
  static Path directory() {
    try {
      return Files.createDirectories(Path.of(System.getProperty("faults.logs", "target/faults")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void controllers(String kubeconfig, Path directory) {
    try {
      Path file = directory.resolve("controllers.kubeconfig");
      Files.writeString(file, kubeconfig);
      Process process =
          new ProcessBuilder(
                  "kube-controller-manager",
                  "--kubeconfig=" + file,
                  "--controllers=" + CONTROLLERS,
                  "--leader-elect=false",
                  "--secure-port=0",
                  "--kube-api-qps=500",
                  "--kube-api-burst=1000",
                  "--concurrent-gc-syncs=4")
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("controllers.log").toFile())
              .start();
      Runtime.getRuntime()
          .addShutdownHook(new Thread(process::destroyForcibly, "controllers-stop"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "kube-controller-manager does not start; the fault tests need it on the PATH: export"
              + " PATH=$(e2e/cluster/cluster binaries):$PATH",
          e);
    }
  }

  /** More than the 254 addresses that the server has for Services: no lane gives its own back. */
  private static void addresses(KubernetesClient client) {
    ServiceCIDR more =
        new ServiceCIDRBuilder()
            .withNewMetadata()
            .withName("more")
            .endMetadata()
            .withNewSpec()
            .withCidrs("10.128.0.0/16")
            .endSpec()
            .build();
    client.resource(more).create();
    client
        .resource(more)
        .waitUntilCondition(
            c ->
                c != null
                    && c.getStatus() != null
                    && c.getStatus().getConditions().stream()
                        .anyMatch(r -> r.getType().equals("Ready") && r.getStatus().equals("True")),
            1,
            TimeUnit.MINUTES);
  }

  /** A client with every right. */
  KubernetesClient client() {
    return client;
  }

  Upstream upstream() {
    return upstream;
  }

  Lookout lookout() {
    return lookout;
  }

  /** A new namespace, with the rights that the chart gives the operator in it. */
  String namespace(String prefix) {
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
    for (HasMetadata object : rights) {
      String json = client.getKubernetesSerialization().asJson(object).replace(PLACEHOLDER, name);
      client.resource(json).create();
    }
    return name;
  }
}
