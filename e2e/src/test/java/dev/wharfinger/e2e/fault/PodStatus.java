package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** What a scheduler, a volume binder and a kubelet write. */
record PodStatus(KubernetesClient client, String namespace) {
  private static final String NODE = "node-1";

  void schedule(Pod pod) {
    client.raw(
        "/api/v1/namespaces/%s/pods/%s/binding".formatted(namespace, pod.getMetadata().getName()),
        "POST",
        new BindingBuilder()
            .withNewMetadata()
            .withName(pod.getMetadata().getName())
            .withUid(pod.getMetadata().getUid())
            .endMetadata()
            .withNewTarget()
            .withKind("Node")
            .withName(NODE)
            .endTarget()
            .build());
  }

  void bound(PersistentVolumeClaim claim) {
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

  void tell(Pod pod, Program.Status status) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Integer exit = status.exit();
    String phase = exit == null ? "Running" : exit == 0 ? "Succeeded" : "Failed";
    Container container = pod.getSpec().getContainers().getFirst();
    String state =
        exit == null
            ? "\"running\":{\"startedAt\":\"%s\"}".formatted(now)
            : "\"terminated\":{\"exitCode\":%d,\"reason\":\"%s\",\"startedAt\":\"%s\",\"finishedAt\":\"%s\"%s}"
                .formatted(
                    exit, exit == 0 ? "Completed" : "Error", now, now, message(status.words()));
    String ready = status.ready() ? "True" : "False";
    patch(
        pod,
        """
        {"metadata":{"uid":"%s"},"status":{"phase":"%s","startTime":"%s","conditions":[
          {"type":"PodScheduled","status":"True"},{"type":"Initialized","status":"True"},
          {"type":"ContainersReady","status":"%s"},
          {"type":"Ready","status":"%s","lastTransitionTime":"%s"}],
         "containerStatuses":[{"name":"%s","image":"%s","imageID":"x","ready":%s,"restartCount":0,"state":{%s}}]}}
        """
            .formatted(
                pod.getMetadata().getUid(),
                phase,
                Objects.requireNonNullElse(pod.getStatus().getStartTime(), now),
                ready,
                ready,
                now,
                container.getName(),
                container.getImage(),
                status.ready(),
                state));
  }

  private String message(String words) {
    return words.isEmpty()
        ? ""
        : ",\"message\":" + client.getKubernetesSerialization().asJson(words);
  }

  private void patch(Pod pod, String json) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  /** The kubelet's last word: no container runs any more. */
  void remove(Pod pod) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .withGracePeriod(0)
        .delete();
  }
}
