package dev.wharfinger.operator.status;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A workload of the namespace, as far as it matters to a database.
 *
 * @param label {@code Deployment/app}
 * @param pods how many it asks for at once; none for a CronJob that is suspended
 * @param surge whether it starts a new pod beside the old one when its template changes
 * @param standing whether its pods are meant to stay, unlike those of a CronJob
 * @param secrets names of the Secrets that its pods refer to
 * @param written names of the claims that its pods can write to
 */
public record Workload(
    String label,
    int pods,
    boolean surge,
    boolean standing,
    Set<String> secrets,
    Set<String> written) {

  /** Whether its pods use the binding Secret or can write to the claim. */
  public boolean uses(String secret, String claim) {
    return secrets.contains(secret) || written.contains(claim);
  }

  /** A Deployment. */
  public static Workload of(Deployment d) {
    int pods = orOne(d.getSpec().getReplicas());
    return of(
        "Deployment/" + d.getMetadata().getName(),
        pods,
        pods > 0 && surges(d),
        true,
        d.getSpec().getTemplate().getSpec());
  }

  /** A StatefulSet: it never has two pods of one number. */
  public static Workload of(StatefulSet s) {
    return of(
        "StatefulSet/" + s.getMetadata().getName(),
        orOne(s.getSpec().getReplicas()),
        false,
        true,
        s.getSpec().getTemplate().getSpec());
  }

  /** A DaemonSet, on as many nodes as there are for it. */
  public static Workload of(DaemonSet d) {
    Integer pods = d.getStatus() == null ? null : d.getStatus().getDesiredNumberScheduled();
    return of(
        "DaemonSet/" + d.getMetadata().getName(),
        pods == null ? 0 : pods,
        false,
        true,
        d.getSpec().getTemplate().getSpec());
  }

  /** A CronJob, as often as one of its Jobs has pods. */
  public static Workload of(CronJob c) {
    return of(
        "CronJob/" + c.getMetadata().getName(),
        Boolean.TRUE.equals(c.getSpec().getSuspend())
            ? 0
            : orOne(c.getSpec().getJobTemplate().getSpec().getParallelism()),
        false,
        false,
        c.getSpec().getJobTemplate().getSpec().getTemplate().getSpec());
  }

  private static Workload of(String label, int pods, boolean surge, boolean standing, PodSpec pod) {
    return new Workload(label, pods, surge, standing, secrets(pod), written(pod));
  }

  private static int orOne(@Nullable Integer number) {
    return number == null ? 1 : number;
  }

  /** Rolling by default, and by a quarter of the pods, which is rounded up. */
  private static boolean surges(Deployment d) {
    if (d.getSpec().getStrategy() == null) {
      return true;
    }
    if ("Recreate".equals(d.getSpec().getStrategy().getType())) {
      return false;
    }
    IntOrString surge =
        d.getSpec().getStrategy().getRollingUpdate() == null
            ? null
            : d.getSpec().getStrategy().getRollingUpdate().getMaxSurge();
    return surge == null || !Set.of("0", "0%").contains(String.valueOf(surge.getValue()));
  }

  private static Set<String> written(PodSpec pod) {
    return pod.getVolumes().stream()
        .map(v -> v.getPersistentVolumeClaim())
        .filter(Objects::nonNull)
        .filter(c -> !Boolean.TRUE.equals(c.getReadOnly()))
        .map(c -> c.getClaimName())
        .collect(Collectors.toSet());
  }

  private static Set<String> secrets(PodSpec pod) {
    Stream<@Nullable String> volumes =
        pod.getVolumes().stream()
            .flatMap(v ->
                Stream.concat(
                    Stream.ofNullable(v.getSecret()).map(s -> s.getSecretName()),
                    Stream.ofNullable(v.getProjected())
                        .flatMap(p -> p.getSources().stream())
                        .flatMap(s -> Stream.ofNullable(s.getSecret()))
                        .map(s -> s.getName())));
    Stream<@Nullable String> containers =
        Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream())
            .flatMap(Workload::read);
    return Stream.concat(volumes, containers)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .collect(Collectors.toSet());
  }

  private static Stream<@Nullable String> read(Container container) {
    return Stream.concat(
        container.getEnvFrom().stream()
            .map(EnvFromSource::getSecretRef)
            .filter(Objects::nonNull)
            .map(s -> s.getName()),
        container.getEnv().stream()
            .map(EnvVar::getValueFrom)
            .filter(Objects::nonNull)
            .flatMap(v -> Stream.ofNullable(v.getSecretKeyRef()))
            .map(s -> s.getName()));
  }
}
