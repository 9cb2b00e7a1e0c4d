package dev.wharfinger.operator.job;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether pods refer to a Secret or a claim, by whichever of the ways there are. */
public final class References {
  private References() {}

  /** Whether the pod refers to the Secret anywhere or mounts the claim. */
  public static boolean any(PodSpec pod, String secret, String claim) {
    return mountsClaim(pod, claim)
        || pod.getVolumes().stream().anyMatch(v -> isSecret(v, secret))
        || containers(pod).anyMatch(c -> readsSecret(c, secret));
  }

  /** Whether the pod has the claim as a volume. */
  public static boolean mountsClaim(PodSpec pod, String claim) {
    return pod.getVolumes().stream().anyMatch(v -> isClaim(v, claim));
  }

  /** Whether this container refers to the Secret, by environment or by a volume it mounts. */
  public static boolean toSecret(Container container, PodSpec pod, String secret) {
    Set<String> volumes =
        pod.getVolumes().stream()
            .filter(v -> isSecret(v, secret))
            .map(Volume::getName)
            .collect(Collectors.toSet());
    return readsSecret(container, secret)
        || container.getVolumeMounts().stream().anyMatch(m -> volumes.contains(m.getName()));
  }

  static boolean isClaim(Volume volume, String claim) {
    return volume.getPersistentVolumeClaim() != null
        && claim.equals(volume.getPersistentVolumeClaim().getClaimName());
  }

  private static boolean isSecret(Volume volume, String secret) {
    if (volume.getSecret() != null) {
      return secret.equals(volume.getSecret().getSecretName());
    }
    return volume.getProjected() != null
        && volume.getProjected().getSources().stream()
            .anyMatch(s -> s.getSecret() != null && secret.equals(s.getSecret().getName()));
  }

  private static boolean readsSecret(Container container, String secret) {
    return container.getEnv().stream().anyMatch(e -> isSecret(e, secret))
        || container.getEnvFrom().stream().anyMatch(e -> isSecret(e, secret));
  }

  static boolean isSecret(EnvVar env, String secret) {
    return env.getValueFrom() != null
        && env.getValueFrom().getSecretKeyRef() != null
        && secret.equals(env.getValueFrom().getSecretKeyRef().getName());
  }

  static boolean isSecret(EnvFromSource env, String secret) {
    return env.getSecretRef() != null && secret.equals(env.getSecretRef().getName());
  }

  private static Stream<Container> containers(PodSpec pod) {
    return Stream.concat(
            pod.getContainers().stream(),
            pod.getInitContainers() == null ? Stream.empty() : pod.getInitContainers().stream())
        .filter(Objects::nonNull);
  }
}
