package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The Secrets and ConfigMaps that a pod cannot start without. */
final class References {
  private References() {}

  static Set<String> secrets(Pod pod) {
    Set<String> names = new TreeSet<>();
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getSecret() != null) {
        names.add(volume.getSecret().getSecretName());
      }
    }
    for (Container container : pod.getSpec().getContainers()) {
      for (EnvFromSource source : container.getEnvFrom()) {
        if (source.getSecretRef() != null) {
          names.add(source.getSecretRef().getName());
        }
      }
      for (EnvVar variable : container.getEnv()) {
        if (variable.getValueFrom() != null && variable.getValueFrom().getSecretKeyRef() != null) {
          names.add(variable.getValueFrom().getSecretKeyRef().getName());
        }
      }
    }
    return names;
  }

  /** The ConfigMaps that it mounts. */
  static List<String> configs(Pod pod) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getConfigMap() != null)
        .map(volume -> volume.getConfigMap().getName())
        .toList();
  }

  /** A Secret's data as text. */
  static Map<String, String> decoded(Secret secret) {
    Map<String, String> data = new HashMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach((key, value) ->
              data.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return data;
  }
}
