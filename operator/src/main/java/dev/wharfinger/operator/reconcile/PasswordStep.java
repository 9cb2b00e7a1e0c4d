package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.job.PasswordJob;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody has written another password into the Secret of the operator's own server. The role gets
 * it before the application is told of it: else nobody could log in any more. Until then, and where
 * that cannot be, the binding has the password that works.
 *
 * <p>One password after another: the next is asked for when it is known what became of the last, so
 * that the role never has one that nobody has written down.
 */
final class PasswordStep implements Step {
  @Override
  public StepResult run(Run run) {
    PasswordChange change = PasswordChange.of(run);
    if (change == null || run.moving()) {
      return StepResult.DONE;
    }
    if (change.given()) {
      return settle(run, change);
    }
    Job job = run.observed().job(change.job());
    if (change.asked() == null) {
      return ask(run, change);
    }
    return switch (change.outcome()) {
      case ABSENT -> make(run, change.job());
      case RUNNING -> changing(run, change.job(), job);
      case COMPLETE -> ask(run, change);
      case REFUSED ->
          change.wanted().equals(change.asked()) ? refused(run, change) : ask(run, change);
      case FAILED -> again(run, change.job(), job);
    };
  }

  private static StepResult ask(Run run, PasswordChange change) {
    Secret credentials = change.credentials();
    run.writer()
        .replace(
            CredentialsSecret.asking(credentials, change.wanted(), change.former()), credentials);
    return StepResult.waiting(
        "PasswordChanging", "the role is to have the password that its Secret has by now");
  }

  /** The binding has it too. */
  private static StepResult settle(Run run, PasswordChange change) {
    if (change.wanted().equals(change.told())) {
      Secret credentials = change.credentials();
      run.writer().replace(CredentialsSecret.settled(credentials, change.wanted()), credentials);
    }
    return StepResult.DONE;
  }

  private static StepResult refused(Run run, PasswordChange change) {
    return StepResult.stop(
        "PasswordRefused",
        "the password in Secret "
            + run.model().names().credentials()
            + " was changed, and the role of the server could not be given it: "
            + PodDiagnosis.lastWords(run.observed().pods(), "job-name", change.job())
            + "; the application goes on with the one in Secret "
            + run.model().names().binding()
            + ": correct the former, or put the latter's password back into it; to try again as it is delete Job "
            + change.job());
  }

  private static StepResult make(Run run, String name) {
    run.observed().jobs().stream()
        .filter(
            j -> PasswordJob.COMPONENT.equals(j.getMetadata().getLabels().get(Labels.COMPONENT)))
        .filter(j -> j.getMetadata().getDeletionTimestamp() == null)
        .forEach(run.writer()::delete);
    run.writer().create(PasswordJob.desired(name, run.model()));
    return changing(run, name, null);
  }

  /** Nobody knows what a Job that failed has done; another of the same name finds out. */
  private static StepResult again(Run run, String name, @Nullable Job job) {
    if (job != null && job.getMetadata().getDeletionTimestamp() == null) {
      run.writer().delete(job);
    }
    return changing(run, name, job);
  }

  private static StepResult changing(Run run, String name, @Nullable Job job) {
    StepResult trouble =
        job == null || PodDiagnosis.any(run.observed().pods(), "job-name", name)
            ? PodDiagnosis.of(run.observed().pods(), "job-name", name).orElse(StepResult.DONE)
            : run.writer().missingPod(Objects.requireNonNull(job), StepResult.DONE);
    return StepResult.waiting(
        "PasswordChanging",
        "Job "
            + name
            + " gives the role the password that its Secret has by now"
            + (trouble.done() ? "" : ": " + trouble.words()));
  }
}
