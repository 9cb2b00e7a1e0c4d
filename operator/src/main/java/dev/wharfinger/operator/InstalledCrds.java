package dev.wharfinger.operator;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the cluster has the CRDs of this version. Helm installs them once and never again, so an
 * upgrade easily meets those of an older one; a list that fails would not say what to do.
 */
final class InstalledCrds {
  private static final Logger LOG = LoggerFactory.getLogger(InstalledCrds.class);
  private static final String VERSION = HasMetadata.getApiVersion(StorageInstance.class);

  private InstalledCrds() {}

  /**
   * Does nothing if all kinds are served, or if the API server does not say which are.
   *
   * @throws IllegalStateException telling what is missing and how to apply it
   */
  static void demand(KubernetesClient client) {
    Set<String> missing;
    try {
      missing = missing(client);
    } catch (KubernetesClientException e) {
      // Discovery is nothing that the operator needs, and may be closed to it.
      LOG.debug("the API server does not say which kinds it serves: {}", e.getMessage());
      return;
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "the cluster does not know "
              + String.join(", ", missing)
              + " of "
              + VERSION
              + ": its CRDs are of another version than this operator, or not there. Apply those"
              + " of this version: kubectl apply --server-side --force-conflicts -f"
              + " charts/wharfinger/crds. The operator then starts by itself");
    }
  }

  private static Set<String> missing(KubernetesClient client) {
    APIResourceList served = client.getApiResources(VERSION);
    Set<String> missing =
        Stream.of(
                StorageInstance.class,
                StorageMigration.class,
                StorageBackup.class,
                StorageRestore.class)
            .map(HasMetadata::getPlural)
            .collect(Collectors.toCollection(TreeSet::new));
    if (served != null) {
      served.getResources().stream().map(APIResource::getName).forEach(missing::remove);
    }
    return missing;
  }
}
