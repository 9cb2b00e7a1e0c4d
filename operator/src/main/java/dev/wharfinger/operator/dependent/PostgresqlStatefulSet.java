package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;

/**
 * The server: a StatefulSet of one whose claim outlives it. Its template has no word that changes
 * with each version of the operator; one that changes it all the same restarts every server once.
 */
public final class PostgresqlStatefulSet {
  private PostgresqlStatefulSet() {}

  /** The StatefulSet of {@code server}. */
  public static StatefulSet desired(PostgresqlModel postgresql, PostgresqlServer server) {
    PodSpec pod = PostgresqlPod.desired(postgresql, server);
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName(server.name())
        .withNamespace(server.namespace())
        .withLabels(server.labels())
        .withOwnerReferences(server.owner())
        .endMetadata()
        .withNewSpec()
        .withReplicas(1)
        .withServiceName(server.headless())
        .withNewSelector()
        .withMatchLabels(server.selector())
        .endSelector()
        .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(server.labels())
        .endMetadata()
        .withSpec(pod)
        .endTemplate()
        .withVolumeClaimTemplates(server.scratch() ? List.of() : List.of(claim(postgresql, server)))
        .endSpec()
        .build();
  }

  /** Whether the server of {@code set} has a certificate at hand. */
  public static boolean speaksTls(StatefulSet set) {
    return speaksTls(set.getSpec().getTemplate().getSpec());
  }

  /** Whether the server in {@code pod} has a certificate at hand. */
  public static boolean speaksTls(PodSpec pod) {
    return pod.getVolumes().stream().anyMatch(volume -> PostgresqlPod.TLS.equals(volume.getName()));
  }

  /** Identity labels only: the template can never change. */
  private static PersistentVolumeClaim claim(PostgresqlModel postgresql, PostgresqlServer server) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(PostgresqlPod.DATA)
        .withLabels(server.labels())
        .endMetadata()
        .withSpec(postgresql.volume().claim())
        .build();
  }
}
