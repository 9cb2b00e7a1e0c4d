package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Command;
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
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRuleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the application's own migration tool in the application's own image, with the application's
 * own environment. In a move the binding is the target's, and volumes that the application writes
 * to are empty ones: the tool can reach nothing that the application runs on. Outside of a move the
 * binding is the application's own, and the volume of its SQLite files is there too.
 */
public final class SchemaCommandJob {
  private static final long DEADLINE_SECONDS = 900;

  /** The container that runs the command. */
  static final String CONTAINER = "schema";

  /** The container that sees whether there is one end of the migrations. */
  static final String HEADS = "heads";

  /**
   * What the command gets to see.
   *
   * @param binding the Secret that the application reads
   * @param instead the one that the command reads in its place
   * @param claim the claim that the command may write to, or null for none
   */
  private record View(String binding, String instead, @Nullable String claim) {}

  /**
   * Runs its arguments, and ends with 2 where they print more than one line. What they say on the
   * way, on the other channel, stays in the log. Kubelets would take parentheses for a variable.
   */
  static final String ONE_LINE =
      """
      heads=`"$@"` || exit
      case $heads in
      *'
      '*) set -f; set -- $heads; echo "Multiple head revisions, nothing was run: $*" >&2; exit 2 ;;
      esac
      """;

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
  public static Job desired(Move move, PodSpec consumer, Container container, Command command) {
    PodSpec pod = pod(of(move), consumer, container, command);
    return move.job(JobRole.SCHEMA, pod, 2)
        .edit()
        .editSpec()
        .withActiveDeadlineSeconds(DEADLINE_SECONDS)
        .editPodFailurePolicy()
        .addAllToRules(refusals(pod))
        .endPodFailurePolicy()
        .endSpec()
        .build();
  }

  /** What one of the first containers refuses is not tried again either. */
  static List<PodFailurePolicyRule> refusals(PodSpec pod) {
    return pod.getInitContainers().stream()
        .map(c ->
            new PodFailurePolicyRuleBuilder()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName(c.getName())
                .withOperator("In")
                .withValues(JobTemplate.REFUSED)
                .endOnExitCodes()
                .build())
        .toList();
  }

  private static View of(Move move) {
    return new View(move.model().names().binding(), move.candidateBinding(), null);
  }

  /**
   * The pod that runs {@code command} where the application is.
   *
   * @param claim the claim with the SQLite files, or null where the data is on a server
   */
  static PodSpec standing(
      String binding,
      @Nullable String claim,
      PodSpec consumer,
      Container container,
      Command command) {
    return pod(new View(binding, binding, claim), consumer, container, command);
  }

  private static PodSpec pod(View view, PodSpec consumer, Container container, Command command) {
    Set<String> mounted =
        container.getVolumeMounts().stream()
            .map(VolumeMount::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withImagePullSecrets(consumer.getImagePullSecrets())
        .withNodeSelector(consumer.getNodeSelector())
        .withTolerations(consumer.getTolerations())
        .withHostAliases(consumer.getHostAliases())
        .withSecurityContext(restricted(consumer.getSecurityContext()))
        .withInitContainers(heads(view, container, command.heads()))
        .withContainers(container(view, container, CONTAINER, command.command()))
        .withVolumes(volumes(view, consumer, mounted))
        .build();
  }

  /**
   * With the volumes as the command has them, writable too. Kubelets would mount the claim
   * read-only for this container alone; but SQLite opens a file in WAL mode there only while
   * another process has its {@code -wal} and {@code -shm} open, and an application that is imported
   * may well open its database, or make a directory beside it. So the copy is made before, and
   * nothing is refused here that the application itself may do.
   */
  private static List<Container> heads(
      View view, Container container, @Nullable List<String> heads) {
    return heads == null
        ? List.of()
        : List.of(
            container(
                view,
                container,
                HEADS,
                Stream.concat(Stream.of("sh", "-c", ONE_LINE, HEADS), heads.stream()).toList()));
  }

  private static List<Volume> volumes(View view, PodSpec consumer, Set<String> mounted) {
    List<Volume> volumes =
        new ArrayList<>(
            consumer.getVolumes().stream()
                .filter(v -> mounted.contains(v.getName()))
                .map(v -> volume(view, v))
                .toList());
    Set<String> known = volumes.stream().map(Volume::getName).collect(Collectors.toSet());
    // Those that a StatefulSet makes for each of its pods.
    mounted.stream()
        .filter(name -> !known.contains(name))
        .map(SchemaCommandJob::empty)
        .forEach(volumes::add);
    return volumes;
  }

  private static Container container(View view, Container from, String name, List<String> command) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(from.getImage())
        .withImagePullPolicy(from.getImagePullPolicy())
        .withWorkingDir(from.getWorkingDir())
        .withCommand(command)
        .withEnv(from.getEnv().stream().map(e -> env(view, e)).toList())
        .withEnvFrom(from.getEnvFrom().stream().map(e -> envFrom(view, e)).toList())
        .withVolumeMounts(from.getVolumeMounts())
        .withResources(from.getResources())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(restricted(from.getSecurityContext()))
        .build();
  }

  private static EnvVar env(View view, EnvVar env) {
    return References.isSecret(env, view.binding())
        ? env.edit()
            .editValueFrom()
            .editSecretKeyRef()
            .withName(view.instead())
            .endSecretKeyRef()
            .endValueFrom()
            .build()
        : env;
  }

  private static EnvFromSource envFrom(View view, EnvFromSource env) {
    return References.isSecret(env, view.binding())
        ? env.edit().editSecretRef().withName(view.instead()).endSecretRef().build()
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

  private static Volume volume(View view, Volume volume) {
    String binding = view.binding();
    if (view.claim() != null && References.isClaim(volume, view.claim())) {
      return volume;
    }
    if (!ofThePodAlone(volume)) {
      return empty(volume.getName());
    }
    if (volume.getSecret() != null && binding.equals(volume.getSecret().getSecretName())) {
      return volume.edit().editSecret().withSecretName(view.instead()).endSecret().build();
    }
    if (volume.getProjected() != null) {
      List<VolumeProjection> sources =
          volume.getProjected().getSources().stream()
              // It does without the API server, as all our Jobs.
              .filter(s -> s.getServiceAccountToken() == null)
              .map(s ->
                  s.getSecret() != null && binding.equals(s.getSecret().getName())
                      ? s.edit().editSecret().withName(view.instead()).endSecret().build()
                      : s)
              .toList();
      return volume.edit().editProjected().withSources(sources).endProjected().build();
    }
    return volume;
  }

  private static Volume empty(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
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
