package dev.wharfinger.testing;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What happens to claims: they are made for servers, bound, and kept as long as they are used. */
record ClaimStandIn(KubernetesClient client, String namespace) {

  List<PersistentVolumeClaim> all() {
    return client.persistentVolumeClaims().inNamespace(namespace).list().getItems();
  }

  void make(StatefulSet set, PersistentVolumeClaim template) {
    String name = template.getMetadata().getName() + "-" + set.getMetadata().getName() + "-0";
    if (client.persistentVolumeClaims().inNamespace(namespace).withName(name).get() != null) {
      return;
    }
    Map<String, String> labels = new HashMap<>(template.getMetadata().getLabels());
    labels.putAll(set.getSpec().getSelector().getMatchLabels());
    client
        .resource(
            new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .withSpec(template.getSpec())
                .build())
        .create();
  }

  void claim(PersistentVolumeClaim claim) {
    if (claim.getMetadata().getDeletionTimestamp() != null) {
      if (usedByJob(claim)) {
        return;
      }
      client
          .resource(claim)
          .edit(c ->
              new PersistentVolumeClaimBuilder(c)
                  .editMetadata()
                  .withFinalizers(List.of())
                  .endMetadata()
                  .build());
    } else if (claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase())) {
      client
          .resource(claim)
          .editStatus(c ->
              new PersistentVolumeClaimBuilder(c)
                  .editOrNewStatus()
                  .withPhase("Bound")
                  .withAccessModes(c.getSpec().getAccessModes())
                  .withCapacity(c.getSpec().getResources().getRequests())
                  .endStatus()
                  .build());
    }
  }

  /** What protects claims counts a pod that has ended too; a Job stands for its pod here. */
  private boolean usedByJob(PersistentVolumeClaim claim) {
    return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .flatMap(job -> job.getSpec().getTemplate().getSpec().getVolumes().stream())
        .anyMatch(v ->
            v.getPersistentVolumeClaim() != null
                && claim
                    .getMetadata()
                    .getName()
                    .equals(v.getPersistentVolumeClaim().getClaimName()));
  }
}
