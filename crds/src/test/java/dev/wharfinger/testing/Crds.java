package dev.wharfinger.testing;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The CRDs as checked in, and how they get into a cluster. */
public final class Crds {
  private Crds() {}

  /** The checked-in CRDs. */
  public static List<CustomResourceDefinition> load() {
    try (Stream<Path> files = Files.list(Repository.crds())) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(Crds::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CustomResourceDefinition read(Path file) {
    try {
      return Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Server-side applies the CRDs, as GitOps tools do, and waits until they are served. */
  public static void apply(KubernetesClient client) {
    load().forEach(crd -> client.resource(crd).forceConflicts().serverSideApply());
    load()
        .forEach(crd ->
            client.resource(crd).waitUntilCondition(Crds::established, 30, TimeUnit.SECONDS));
  }

  private static boolean established(
      @org.jspecify.annotations.Nullable CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
  }
}
