package dev.wharfinger.operator.job;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;

/** Makes certain that a transfer can never commit any more, or finds that it did. */
public final class AbortJob {
  /** The runner's word for: the transfer had committed. */
  static final int COMMITTED = 3;

  private AbortJob() {}

  /** The Job; see {@link AbortOutcome} for what its end says. */
  public static Job desired(Move move) {
    List<String> args =
        List.of("transfer-abort", "--to", move.abortUrl(), "--operation", move.uid());
    PodSpec pod =
        JobTemplate.pod(
            JobTemplate.runner(
                move.model().operatorImage(), args, move.backward() ? List.of() : move.password()),
            move.model());
    return move.job(
            JobRole.ABORT,
            // What is decided stands beside the file.
            move.backward() ? JobTemplate.withData(pod, move.model().names().dataClaim()) : pod,
            6)
        .edit()
        .editSpec()
        .withPodFailurePolicy(JobTemplate.finalExitCode(COMMITTED, JobTemplate.RUNNER))
        .endSpec()
        .build();
  }
}
