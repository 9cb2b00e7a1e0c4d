package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.ProbeJob;
import dev.wharfinger.operator.job.ProbeVerdict;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that somebody else runs: it is probed by a Job before the application is told
 * of it, once for what spec and Secrets say. Nothing is made for it.
 */
final class ExternalStep implements Step {
  /** No event tells that a Secret without our label has changed. */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  @Override
  public StepResult run(Run run) {
    External external = run.external();
    if (external == null) {
      return StepResult.DONE;
    }
    ExternalServer server = external.server();
    if (server == null) {
      StalledException problem = Objects.requireNonNull(external.problem());
      return StepResult.stop(problem.reason(), problem.explanation());
    }
    StepResult elsewhere = elsewhere(run, server);
    if (elsewhere != null) {
      return elsewhere;
    }
    if (server.endpoint().socket()) {
      // Only a container beside the application could try it.
      return StepResult.DONE;
    }
    String name = ProbeJob.name(run.model(), server);
    deleteOthers(run, name);
    Job job = run.observed().job(name);
    return switch (JobOutcome.of(job)) {
      case ABSENT -> {
        run.writer().create(ProbeJob.desired(run.model(), server));
        yield probing(server);
      }
      case RUNNING -> running(run, server, Objects.requireNonNull(job));
      case COMPLETE -> StepResult.DONE;
      case REFUSED -> refused(run, Objects.requireNonNull(job));
      case FAILED -> {
        // Another round, whose pauses begin small again.
        ProbeVerdict last = ProbeWords.of(run.observed().pods(), Objects.requireNonNull(job));
        run.writer().delete(job);
        yield last == null ? probing(server) : StepResult.waiting(last.reason(), last.message());
      }
    };
  }

  /** Whether the data is in another place than the one that would be told to the application. */
  private static @Nullable StepResult elsewhere(Run run, ExternalServer server) {
    List<HasMetadata> kept = run.observed().retained();
    if (kept.isEmpty()) {
      return moved(run, server);
    }
    return StepResult.stop(
        "DataElsewhere",
        kept.getFirst().getKind()
            + " "
            + kept.getFirst().getMetadata().getName()
            + " belongs to data of this name that the operator keeps, and this version does not"
            + " move them to an external server: use them by a StorageInstance without"
            + " postgresql.external, or delete them");
  }

  /** What a Secret says may change under the application, and CEL does not see it. */
  private static @Nullable StepResult moved(Run run, ExternalServer server) {
    String bound = Annotations.get(run.observed().binding(), Annotations.EXTERNAL);
    return bound == null || bound.equals(server.endpoint().address())
        ? null
        : StepResult.stop(
            "ExternalMoved",
            "the data is in "
                + bound
                + ", and the Secret now names "
                + server.endpoint().address()
                + ": set it back, or make another StorageInstance for the other database; the"
                + " binding stays as it was");
  }

  private static StepResult probing(ExternalServer server) {
    return StepResult.waiting(
        "Probing", "a Job tries PostgreSQL at " + server.endpoint().address());
  }

  private static StepResult running(Run run, ExternalServer server, Job job) {
    ProbeVerdict last = ProbeWords.of(run.observed().pods(), job);
    if (last != null) {
      return StepResult.waiting(last.reason(), last.message() + "; it is tried again by itself");
    }
    String name = job.getMetadata().getName();
    StepResult probing = probing(server);
    return PodDiagnosis.any(run.observed().pods(), "job-name", name)
        ? PodDiagnosis.of(run.observed().pods(), "job-name", name).orElse(probing)
        : run.writer().missingPod(job, probing);
  }

  private static StepResult refused(Run run, Job job) {
    ProbeVerdict verdict = ProbeWords.of(run.observed().pods(), job);
    String again =
        "; to have it tried again without a change here, delete Job " + job.getMetadata().getName();
    return verdict == null
        ? StepResult.stop("ProbeFailed", "the probe was refused, and its pod is gone" + again)
        : StepResult.stop(verdict.reason(), verdict.message() + again);
  }

  private static void deleteOthers(Run run, String name) {
    run.observed().jobs().stream()
        .filter(j -> ProbeJob.COMPONENT.equals(j.getMetadata().getLabels().get(Labels.COMPONENT)))
        .filter(j -> !name.equals(j.getMetadata().getName()))
        .filter(j -> j.getMetadata().getDeletionTimestamp() == null)
        .forEach(run.writer()::delete);
  }
}
