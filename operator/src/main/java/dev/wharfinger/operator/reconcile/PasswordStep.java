package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.job.PasswordJob;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody has written another password into the Secret of the operator's own server. The role gets
 * it before the application is told of it: else nobody could log in any more. Until then, and where
 * that cannot be, everybody has the password that works.
 *
 * <p>One password after another: the next is asked for when it is known what became of the last, so
 * that the role never has one that nobody has written down. And it is not changed under those who
 * may log in once more with the one they began with.
 */
final class PasswordStep implements Step {
  /**
   * For an application that was never told of its database: it is not given a password that is
   * taken from it a moment later, nor one that nobody knows to be the role's. One that was told
   * before gets back the binding that it lost, whatever is under way.
   */
  static final Step BEFORE_BINDING = PasswordStep::beforeBinding;

  private final Step besides;

  /**
   * The step.
   *
   * @param besides what is done also where the role is not given its password
   */
  PasswordStep(Step besides) {
    this.besides = besides;
  }

  private static StepResult beforeBinding(Run run) {
    PasswordChange change = PasswordChange.of(run);
    boolean told = Annotations.epoch(run.observed().serverClaim()) > 0;
    if (change == null || run.observed().binding() != null || told && change.proven()) {
      return StepResult.DONE;
    }
    StepResult result = change(run, change);
    return result instanceof StepResult.Stop && change.proven() ? StepResult.DONE : result;
  }

  @Override
  public StepResult run(Run run) {
    PasswordChange change = PasswordChange.of(run);
    if (change == null) {
      return StepResult.DONE;
    }
    StepResult result = change(run, change);
    if (result.done() || run.moving()) {
      // What was begun is brought to its end, and the move has more to say.
      return StepResult.DONE;
    }
    besides.run(run);
    return result;
  }

  private static StepResult change(Run run, PasswordChange change) {
    Job job = run.observed().job(change.job());
    if (change.next() == null) {
      return ask(run, change);
    }
    return switch (change.outcome()) {
      case ABSENT -> make(run, change.job());
      case RUNNING -> changing(run, change.job(), job);
      case COMPLETE -> settle(run, change);
      case REFUSED ->
          change.wanted().equals(change.next()) ? refused(run, change) : ask(run, change);
      case FAILED -> again(run, change.job(), job);
    };
  }

  /** Written down before there is a Job: from then on the role may have it. */
  private static StepResult ask(Run run, PasswordChange known) {
    // A binding that was written a moment ago may not be seen as it is.
    PasswordChange change =
        known.strays()
            ? known.seen(run.writer().live(Secret.class, run.model().names().binding()))
            : known;
    if (change.takenBack()) {
      run.writer().replace(RoleSecret.given(change.role(), change.has()), change.role());
      return StepResult.waiting("PasswordChanging", "the role keeps the password that it has");
    }
    if (change.next() == null && !change.strays() && change.wanted().equals(change.has())) {
      return StepResult.DONE;
    }
    String unfit = change.strays() ? null : CredentialsSecret.unfit(change.wanted());
    if (unfit != null) {
      return StepResult.stop(
          "PasswordRefused",
          "the password in Secret "
              + run.model().names().credentials()
              + " is none that the role of the server could be given: "
              + unfit
              + "; the role keeps the one that it has, which is in Secret "
              + run.model().names().role()
              + ": write a different one, or put that one back");
    }
    StepResult waits = waits(run);
    if (!waits.done() || run.moving() || run.writer().moving()) {
      return waits;
    }
    run.writer().replace(change.asking(), change.role());
    return StepResult.waiting(
        "PasswordChanging", "the role is to have the password that its Secret has by now");
  }

  private static StepResult waits(Run run) {
    String schema = run.writer().migratingSchema();
    if (schema != null) {
      return StepResult.waiting(
          "PasswordChanging",
          "the role is given another password when Job " + schema + " has migrated the schema");
    }
    String backup = BackupsAtWork.of(run.writer().client(), run.instance());
    return backup == null
        ? StepResult.DONE
        : StepResult.waiting(
                "PasswordChanging",
                "the role is given another password when Job " + backup + " has made its backup")
            .lookAgain(BackupsAtWork.LOOK_AGAIN);
  }

  /** Everybody else is told after that. */
  private static StepResult settle(Run run, PasswordChange change) {
    run.writer()
        .replace(
            RoleSecret.given(change.role(), Objects.requireNonNull(change.next())), change.role());
    return StepResult.waiting(
        "PasswordChanging", "the role has another password, and the application is told of it");
  }

  private static StepResult refused(Run run, PasswordChange change) {
    String credentials = run.model().names().credentials();
    String said = PodDiagnosis.lastWords(run.observed().pods(), "job-name", change.job());
    String again = "; to try again as it is delete Job " + change.job();
    return StepResult.stop(
        "PasswordRefused",
        change.proven()
            ? "the password in Secret "
                + credentials
                + " was changed, and the role of the server could not be given it: "
                + said
                + "; the role keeps the one that it has, which is in Secret "
                + run.model().names().role()
                + ": write a different one into the former, or put that one back"
                + again
            : "nobody has noted which password the role of the server has, and that in Secret "
                + credentials
                + " is not it: "
                + said
                + "; write the one that it has into that Secret, as a backup of it may tell"
                + again);
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
