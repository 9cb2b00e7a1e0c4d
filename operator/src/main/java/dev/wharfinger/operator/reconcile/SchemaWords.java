package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.dependent.SchemaRecord;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.SchemaReport;
import dev.wharfinger.operator.job.StandingCommandJob;
import dev.wharfinger.operator.status.Failure;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Job of schema migrations has said at its end. The runner's words are JSON; those of an
 * application's own tool are anything, and only told where it failed.
 *
 * @param reason for a condition, where it failed
 * @param report the rest
 */
record SchemaWords(String reason, SchemaReport report) {
  /** Containers with the application's own tool. */
  private static final List<String> TOOLS =
      List.of(StandingCommandJob.HEADS, StandingCommandJob.COMMAND);

  /** Of its youngest pods; read live, as the Job may be seen to have ended before. */
  static SchemaWords of(Run run, Job job) {
    List<Pod> all = run.writer().pods();
    FailureFacts facts = new FailureFacts(run, all);
    List<Pod> pods =
        all.stream()
            .filter(p -> LastWords.ownedBy(p, job))
            .sorted(
                Comparator.comparing((Pod p) -> p.getMetadata().getCreationTimestamp()).reversed())
            .toList();
    String copy = copy(pods);
    for (Pod pod : pods) {
      for (String container : TOOLS) {
        ContainerStateTerminated tool = ended(pod, container);
        if (tool != null && !Objects.equals(tool.getExitCode(), 0)) {
          String said = Objects.requireNonNullElse(tool.getMessage(), "");
          Failure failure = SchemaFailure.standing(pod, container, said, run.login(), facts);
          return new SchemaWords(
              failure.reason(), new SchemaReport(failure.message(), null, null, copy));
        }
      }
      SchemaReport report = runner(pod);
      if (report != null) {
        boolean failed = JobOutcome.of(job) != JobOutcome.COMPLETE;
        Failure failure =
            failed
                ? SchemaFailure.told(pod, report.message(), facts)
                : new Failure(SchemaRecord.FAILED, report.message());
        return new SchemaWords(
            failure.reason(),
            new SchemaReport(
                failure.message(),
                report.tool(),
                report.revision(),
                report.copy() == null ? copy : report.copy()));
      }
    }
    return new SchemaWords(
        SchemaRecord.FAILED, new SchemaReport(SchemaReport.NONE.message(), null, null, copy));
  }

  /** The same, with the name of the StorageBackup of before. */
  SchemaWords after(@Nullable String backup) {
    return backup == null
        ? this
        : new SchemaWords(
            reason,
            new SchemaReport(
                (report.message().isEmpty()
                        ? "its Job was ended before it could say why"
                        : report.message())
                    + "; the data of before is in the set of StorageBackup "
                    + backup,
                report.tool(),
                report.revision(),
                report.copy()));
  }

  /** What the runner said last: of the revision, or why it got no further than before. */
  private static @Nullable SchemaReport runner(Pod pod) {
    return Stream.concat(LastWords.of(pod), refusal(pod))
        .map(SchemaReport::parse)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The copy that one of the tries made, before anything was changed. */
  private static @Nullable String copy(List<Pod> pods) {
    return pods.stream()
        .flatMap(SchemaWords::before)
        .map(SchemaReport::parse)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .map(SchemaReport::copy)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static Stream<String> refusal(Pod pod) {
    ContainerStateTerminated ended = ended(pod, StandingCommandJob.BEFORE);
    return ended == null || Objects.equals(ended.getExitCode(), 0)
        ? Stream.empty()
        : Stream.ofNullable(ended.getMessage());
  }

  private static Stream<String> before(Pod pod) {
    ContainerStateTerminated ended = ended(pod, StandingCommandJob.BEFORE);
    return ended == null ? Stream.empty() : Stream.ofNullable(ended.getMessage());
  }

  private static @Nullable ContainerStateTerminated ended(Pod pod, String container) {
    return pod.getStatus() == null
        ? null
        : pod.getStatus().getInitContainerStatuses().stream()
            .filter(c -> container.equals(c.getName()))
            .map(ContainerStatus::getState)
            .filter(s -> s != null && s.getTerminated() != null)
            .map(s -> s.getTerminated())
            .findFirst()
            .orElse(null);
  }
}
