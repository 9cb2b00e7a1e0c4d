package dev.wharfinger.operator.job;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;

/**
 * Where the application has its volume: a pod of ours that mounts it too must run there.
 *
 * @param node the node's name
 * @param tolerations by which the application is let onto that node
 */
public record Place(String node, List<Toleration> tolerations) {

  /** Where {@code pod} runs. */
  public static Place of(PodSpec pod) {
    return new Place(pod.getNodeName(), List.copyOf(pod.getTolerations()));
  }
}
