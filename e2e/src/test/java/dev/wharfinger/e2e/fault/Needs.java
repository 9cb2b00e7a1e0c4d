package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What has to be there before a pod can start.
 *
 * @param claims the claims that are there now
 * @param mounts what volumes show
 */
record Needs(
    KubernetesClient client,
    String namespace,
    World world,
    Collection<PersistentVolumeClaim> claims,
    Mounts mounts) {

  /** What the pod needs, or null while something of it is missing. */
  Program.@Nullable Start start(Pod pod) {
    List<String> uids = claims(pod);
    if (uids == null) {
      return null;
    }
    Map<String, Map<String, String>> secrets = new HashMap<>();
    for (String name : References.secrets(pod)) {
      var secret = client.secrets().inNamespace(namespace).withName(name).get();
      if (secret == null) {
        return null;
      }
      secrets.put(name, References.decoded(secret));
      mounts.seen(History.Seen.Kind.ADDED, secret);
    }
    for (String name : References.configs(pod)) {
      ConfigMap config = client.configMaps().inNamespace(namespace).withName(name).get();
      if (config == null) {
        return null;
      }
      mounts.seen(History.Seen.Kind.ADDED, config);
    }
    return new Program.Start(pod, world, secrets, uids, mounts);
  }

  /** The uids of the pod's claims, or null while one of them is not there. */
  @Nullable List<String> claims(Pod pod) {
    List<String> uids = new ArrayList<>();
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getPersistentVolumeClaim() != null) {
        String name = volume.getPersistentVolumeClaim().getClaimName();
        String uid = named(name).map(c -> c.getMetadata().getUid()).findFirst().orElse(null);
        if (uid == null) {
          return null;
        }
        uids.add(uid);
      }
    }
    return uids;
  }

  private Stream<PersistentVolumeClaim> named(String name) {
    return claims.stream().filter(c -> c.getMetadata().getName().equals(name));
  }
}
