package dev.wharfinger.operator.job;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the application's own migration tool in the application's own image, with the application's
 * own environment, except that the binding is the target's and volumes that the application writes
 * to are empty ones: the tool can reach nothing that the application runs on.
 */
public final class SchemaCommandJob {
  private static final long DEADLINE_SECONDS = 900;

  private SchemaCommandJob() {}

  /**
   * The container whose image and environment the command gets.
   *
   * @param named the container's name, or null for the first that refers to the binding
   */
  public static Optional<Container> container(
      PodSpec consumer, @Nullable String named, String binding) {
    return consumer.getContainers().stream()
        .filter(c ->
            named == null ? References.toSecret(c, consumer, binding) : named.equals(c.getName()))
        .findFirst();
  }

  /** The Job that runs {@code command} in {@code container} of {@code consumer}. */
  public static Job desired(
      Move move, PodSpec consumer, Container container, List<String> command) {
    return move.job(JobRole.SCHEMA, pod(move, consumer, container, command), 2)
        .edit()
        .editSpec()
        .withActiveDeadlineSeconds(DEADLINE_SECONDS)
        .endSpec()
        .build();
  }

  private static PodSpec pod(
      Move move, PodSpec consumer, Container container, List<String> command) {
    Set<String> mounted =
        container.getVolumeMounts().stream().map(VolumeMount::getName).collect(Collectors.toSet());
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withImagePullSecrets(consumer.getImagePullSecrets())
        .withNodeSelector(consumer.getNodeSelector())
        .withTolerations(consumer.getTolerations())
        .withHostAliases(consumer.getHostAliases())
        .withSecurityContext(restricted(consumer.getSecurityContext()))
        .withContainers(container(move, container, command))
        .withVolumes(
            consumer.getVolumes().stream()
                .filter(v -> mounted.contains(v.getName()))
                .map(v -> volume(move, v))
                .toList())
        .build();
  }

  private static Container container(Move move, Container from, List<String> command) {
    return new ContainerBuilder()
        .withName("schema")
        .withImage(from.getImage())
        .withImagePullPolicy(from.getImagePullPolicy())
        .withWorkingDir(from.getWorkingDir())
        .withCommand(command)
        .withEnv(from.getEnv().stream().map(e -> env(move, e)).toList())
        .withEnvFrom(from.getEnvFrom().stream().map(e -> envFrom(move, e)).toList())
        .withVolumeMounts(from.getVolumeMounts())
        .withResources(from.getResources())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(restricted(from.getSecurityContext()))
        .build();
  }

  private static EnvVar env(Move move, EnvVar env) {
    return References.isSecret(env, move.model().names().binding())
        ? env.edit()
            .editValueFrom()
            .editSecretKeyRef()
            .withName(move.candidateBinding())
            .endSecretKeyRef()
            .endValueFrom()
            .build()
        : env;
  }

  private static EnvFromSource envFrom(Move move, EnvFromSource env) {
    return References.isSecret(env, move.model().names().binding())
        ? env.edit().editSecretRef().withName(move.candidateBinding()).endSecretRef().build()
        : env;
  }

  /**
   * Whether a volume is made for each pod. Everything else is shared with the running application:
   * its data, its other claims, directories of a node or a file server. The command gets an empty
   * directory instead. Mounted read-only such a volume would still bind the Job to the node of the
   * application, and a tool that writes there would fail.
   */
  private static boolean ofThePodAlone(Volume volume) {
    return Stream.of(
            volume.getConfigMap(),
            volume.getSecret(),
            volume.getProjected(),
            volume.getDownwardAPI(),
            volume.getEmptyDir(),
            volume.getEphemeral(),
            volume.getImage(),
            volume.getCsi())
        .anyMatch(Objects::nonNull);
  }

  private static Volume volume(Move move, Volume volume) {
    String binding = move.model().names().binding();
    if (!ofThePodAlone(volume)) {
      return new VolumeBuilder().withName(volume.getName()).withNewEmptyDir().endEmptyDir().build();
    }
    if (volume.getSecret() != null && binding.equals(volume.getSecret().getSecretName())) {
      return volume.edit().editSecret().withSecretName(move.candidateBinding()).endSecret().build();
    }
    if (volume.getProjected() != null) {
      List<VolumeProjection> sources =
          volume.getProjected().getSources().stream()
              .map(s ->
                  s.getSecret() != null && binding.equals(s.getSecret().getName())
                      ? s.edit().editSecret().withName(move.candidateBinding()).endSecret().build()
                      : s)
              .toList();
      return volume.edit().editProjected().withSources(sources).endProjected().build();
    }
    return volume;
  }

  /**
   * What Pod Security {@code restricted} lets through of the consumer's, the rest as it demands.
   */
  private static PodSecurityContext restricted(@Nullable PodSecurityContext from) {
    PodSecurityContextBuilder builder = new PodSecurityContextBuilder();
    if (from != null) {
      builder
          .withRunAsUser(from.getRunAsUser())
          .withRunAsGroup(from.getRunAsGroup())
          .withFsGroup(from.getFsGroup())
          .withFsGroupChangePolicy(from.getFsGroupChangePolicy())
          .withSupplementalGroups(from.getSupplementalGroups());
    }
    return builder
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  private static SecurityContext restricted(@Nullable SecurityContext from) {
    SecurityContextBuilder builder = new SecurityContextBuilder();
    if (from != null) {
      builder
          .withRunAsUser(from.getRunAsUser())
          .withRunAsGroup(from.getRunAsGroup())
          .withReadOnlyRootFilesystem(from.getReadOnlyRootFilesystem());
    }
    return builder
        .withRunAsNonRoot(true)
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }
}
