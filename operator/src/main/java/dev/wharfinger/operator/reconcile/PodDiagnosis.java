package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.status.ServerEnd;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why a pod does not get on, in words that say what to do. */
final class PodDiagnosis {
  private static final Set<String> IMAGE_REASONS =
      Set.of("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName");

  /** What may come with rows or statements; FATAL and PANIC do not. */
  private static final Pattern SEVERITY =
      Pattern.compile(
          "\\b(DEBUG\\d?|INFO|NOTICE|WARNING|ERROR|LOG|DETAIL|HINT|CONTEXT|STATEMENT|QUERY): ");

  private PodDiagnosis() {}

  /** What keeps the pods with {@code label=value}, if anything is known. */
  static Optional<StepResult> of(List<Pod> pods, String label, String value) {
    return select(pods, label, value).flatMap(pod -> findings(pod).stream()).findFirst();
  }

  /** Whether there is a pod with {@code label=value}, in whatever state. */
  static boolean any(List<Pod> pods, String label, String value) {
    return select(pods, label, value).findAny().isPresent();
  }

  /** The same, whatever the exit codes of their containers are. */
  static Optional<StepResult> notStarted(List<Pod> pods, String label, String value) {
    return select(pods, label, value)
        .flatMap(pod -> starting(pod).or(() -> refused(pod)).stream())
        .findFirst();
  }

  private static Optional<StepResult> findings(Pod pod) {
    Optional<StepResult> exit =
        containers(pod).map(PodDiagnosis::exit).flatMap(Optional::stream).findFirst();
    return exit.isPresent() ? exit : starting(pod);
  }

  private static Optional<StepResult> starting(Pod pod) {
    Optional<StepResult> image =
        containers(pod)
            .filter(c -> c.getState() != null && c.getState().getWaiting() != null)
            .filter(c -> IMAGE_REASONS.contains(c.getState().getWaiting().getReason()))
            .map(c ->
                StepResult.waiting(
                    "ImagePullFailed",
                    "image "
                        + c.getImage()
                        + " cannot be pulled ("
                        + c.getState().getWaiting().getReason()
                        + "); check the operator's image settings and the node's access"))
            .findFirst();
    return image.or(() -> crashing(pod)).or(() -> unschedulable(pod));
  }

  /** Most often a value of {@code postgresql.parameters} that the server does not take. */
  private static Optional<StepResult> crashing(Pod pod) {
    return containers(pod)
        .filter(c -> c.getState() != null && c.getState().getWaiting() != null)
        .filter(c -> "CrashLoopBackOff".equals(c.getState().getWaiting().getReason()))
        .map(PodDiagnosis::terminated)
        .flatMap(Stream::ofNullable)
        .findFirst()
        .map(ended -> ended(pod, ended));
  }

  private static StepResult ended(Pod pod, ContainerStateTerminated ended) {
    Optional<String> words = lastWords(ended);
    ServerEnd end = ServerEnd.of(words.orElse(""));
    String message =
        "pod "
            + pod.getMetadata().getName()
            + " ends again and again ("
            + ended.getReason()
            + ", exit code "
            + ended.getExitCode()
            + "): "
            + words.orElse("see its log")
            + "; "
            + end.advice();
    return end.lasting()
        ? StepResult.stop(end.reason(), message)
        : StepResult.waiting(end.reason(), message);
  }

  /** What keeps a pod from starting, in one line, or null where nothing is known. */
  static @Nullable String obstacle(Pod pod) {
    return findings(pod).or(() -> refused(pod)).map(StepResult::words).orElse(null);
  }

  /** Why the kubelet does not start a container, such as one that would run as root. */
  private static Optional<StepResult> refused(Pod pod) {
    return containers(pod)
        .map(ContainerStatus::getState)
        .filter(s -> s != null && s.getWaiting() != null)
        .map(ContainerState::getWaiting)
        .filter(w -> w.getMessage() != null)
        .map(w ->
            StepResult.waiting(
                "PodRefused",
                "pod "
                    + pod.getMetadata().getName()
                    + ": "
                    + w.getReason()
                    + ", "
                    + w.getMessage()))
        .findFirst();
  }

  private static Optional<StepResult> unschedulable(Pod pod) {
    PodStatus status = pod.getStatus();
    if (status == null || status.getConditions() == null) {
      return Optional.empty();
    }
    return status.getConditions().stream()
        .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
        .findFirst()
        .map(c ->
            StepResult.waiting(
                "Unschedulable",
                "pod " + pod.getMetadata().getName() + " has no node: " + c.getMessage()));
  }

  /** The server's init script says by its exit code what is wrong with the volume. */
  private static Optional<StepResult> exit(ContainerStatus container) {
    ContainerStateTerminated ended = terminated(container);
    if (ended == null || ended.getExitCode() == null) {
      return Optional.empty();
    }
    String words = ended.getMessage() == null ? "" : ended.getMessage().strip();
    return switch (ended.getExitCode()) {
      case 65 ->
          Optional.of(
              StepResult.stop(
                  "DataMissing",
                  words
                      + "; bring the volume back, or delete this StorageInstance and make a new one to start empty"));
      case 66 ->
          Optional.of(
              StepResult.stop(
                  "ForeignVolume",
                  words + "; give the instance its own volume back, nothing was changed"));
      case 67 ->
          Optional.of(
              StepResult.stop("MajorVersionMismatch", words + "; set postgresql.version back"));
      default -> Optional.empty();
    };
  }

  /** The last message of a pod that failed, or a pointer to its log. */
  static String lastWords(List<Pod> pods, String label, String value) {
    return select(pods, label, value)
        .flatMap(PodDiagnosis::containers)
        .map(PodDiagnosis::terminated)
        .flatMap(Stream::ofNullable)
        .map(PodDiagnosis::lastWords)
        .flatMap(Optional::stream)
        .findFirst()
        .orElse("see the log of its pod");
  }

  private static Optional<String> lastWords(ContainerStateTerminated ended) {
    return Optional.ofNullable(ended.getMessage())
        .map(PodDiagnosis::withoutData)
        .filter(message -> !message.isEmpty())
        .map(PodDiagnosis::tail);
  }

  /** By what a container of the pod was ended, if not by itself, such as OOMKilled; or empty. */
  static String endedBy(Pod pod) {
    return containers(pod)
        .map(PodDiagnosis::terminated)
        .flatMap(Stream::ofNullable)
        .map(ContainerStateTerminated::getReason)
        .flatMap(Stream::ofNullable)
        .filter(reason -> !"Error".equals(reason) && !"Completed".equals(reason))
        .findFirst()
        .orElse("");
  }

  /** The end of what a container of the pod said, as it said it. */
  static Optional<String> said(Pod pod) {
    return containers(pod)
        .map(PodDiagnosis::terminated)
        .flatMap(Stream::ofNullable)
        .map(ContainerStateTerminated::getMessage)
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  static String tail(String message) {
    return message.substring(Math.max(0, message.length() - 400));
  }

  /** PostgreSQL tells rows and statements in its log; why it ends, it tells as FATAL or PANIC. */
  static String withoutData(String log) {
    return log.lines()
        .filter(line -> !line.startsWith("\t") && !SEVERITY.matcher(line).find())
        // SQLAlchemy's way to show the values of a row.
        .filter(line -> !line.startsWith("[parameters: "))
        .collect(Collectors.joining("\n"))
        .strip();
  }

  private static Stream<Pod> select(List<Pod> pods, String label, String value) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getLabels() != null)
        .filter(pod -> value.equals(pod.getMetadata().getLabels().get(label)));
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    PodStatus status = pod.getStatus();
    return status == null
        ? Stream.empty()
        : Stream.concat(
            status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream());
  }

  private static @Nullable ContainerStateTerminated terminated(ContainerStatus container) {
    for (ContainerState state :
        new ContainerState[] {container.getState(), container.getLastState()}) {
      if (state != null && state.getTerminated() != null) {
        return state.getTerminated();
      }
    }
    return null;
  }
}
