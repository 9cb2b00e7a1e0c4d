package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus.Progress;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Owner;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the runner's report beyond its pod, and reads its progress. Never fails a pass. */
final class MigrationReports {
  private static final Logger LOG = LoggerFactory.getLogger(MigrationReports.class);
  private static final String KEY = "report.json";
  private static final int LONGEST = 900 * 1024;
  private static final int TAIL = 20;

  private final KubernetesClient client;

  MigrationReports(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The report that is kept, or else the one in the log of {@code pod}, which is kept from now on.
   * No move waits for its report.
   */
  MigrationReport keep(StorageMigration migration, @Nullable Pod pod) {
    String namespace = migration.getMetadata().getNamespace();
    String name = Move.reportName(migration.getMetadata().getName());
    try {
      ConfigMap kept = client.configMaps().inNamespace(namespace).withName(name).get();
      if (kept != null) {
        return kept(kept);
      }
      String report = pod == null ? null : MigrationReport.inLog(log(pod));
      if (report == null || report.length() > LONGEST) {
        return MigrationReport.of(null, report);
      }
      return create(configMap(migration, name, report), report);
    } catch (KubernetesClientException e) {
      LOG.debug("the report of {} is not to be had: {}", name, e.getMessage());
      return MigrationReport.NONE;
    }
  }

  private MigrationReport create(ConfigMap wanted, String report) {
    try {
      client.resource(wanted).create();
      return MigrationReport.of(wanted.getMetadata().getName(), report);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // The HTTP client sends a request again whose answer was lost; and nobody looks after the
      // end.
      ConfigMap kept = client.resource(wanted).get();
      return kept == null ? MigrationReport.of(null, report) : kept(kept);
    }
  }

  private static MigrationReport kept(ConfigMap kept) {
    return MigrationReport.of(
        kept.getMetadata().getName(), kept.getData() == null ? null : kept.getData().get(KEY));
  }

  /**
   * Asks for the report as later passes will.
   *
   * @throws KubernetesClientException if the right to do so is missing
   */
  void requireRight(StorageMigration migration) {
    client
        .configMaps()
        .inNamespace(migration.getMetadata().getNamespace())
        .withName(Move.reportName(migration.getMetadata().getName()))
        .get();
  }

  /** How far the transfer is, or null where that is not known. */
  @Nullable Progress progress(@Nullable Pod pod) {
    try {
      return pod == null ? null : MigrationReport.progress(log(pod));
    } catch (KubernetesClientException e) {
      return null;
    }
  }

  private String log(Pod pod) {
    String log =
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .tailingLines(TAIL)
            .getLog();
    return log == null ? "" : log;
  }

  private static ConfigMap configMap(StorageMigration migration, String name, String report) {
    Map<String, String> labels = new HashMap<>();
    labels.put(Labels.MANAGED_BY, Labels.WHARFINGER);
    labels.put(Labels.INSTANCE, migration.getSpec().instanceRef().name());
    labels.put(Labels.COMPONENT, Move.COMPONENT);
    labels.put(Labels.MIGRATION, Move.base(migration.getMetadata().getName()));
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(migration.getMetadata().getNamespace())
        .withLabels(labels)
        .withOwnerReferences(Owner.of(migration))
        .endMetadata()
        .addToData(KEY, report)
        .build();
  }
}
