package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.ProbeVerdict;
import dev.wharfinger.operator.job.ServerFigures;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The condition {@code ConnectionOk}: what the last look at the server has found. It has neither a
 * time nor a number, so that a look which finds the same writes nothing; Ready does not depend on
 * it.
 */
final class ConnectionStanding {
  static final String TYPE = "ConnectionOk";

  private static final String AGAIN =
      "; the binding stays as it is, and the server is tried again by itself";

  private final ConnectionChecks checks;

  ConnectionStanding(ConnectionChecks checks) {
    this.checks = checks;
  }

  /** The condition, or none. */
  List<Condition> of(Run run, KubernetesClient client) {
    if (!checks.any() || !ConnectionLooks.served(run)) {
      return List.of();
    }
    Condition before =
        Conditions.find(
            run.instance().getStatus() == null ? null : run.instance().getStatus().conditions(),
            TYPE);
    Condition now = now(run, before);
    if (now == null) {
      return List.of();
    }
    Tidings.tell(run.instance(), now, client, checks.clock().instant());
    return List.of(now);
  }

  /** What the last look that was let in has brought, and the Jobs that looked since have not. */
  void tell(Run run, InstanceGauges gauges) {
    ConnectionLooks looks = checks.any() ? ConnectionLooks.of(run) : null;
    for (Job job : looks == null ? List.<Job>of() : looks.jobs()) {
      ServerFigures figures =
          ConnectionChecks.good(job) ? ProbeWords.figures(run.observed().pods(), job) : null;
      if (figures != null) {
        gauges.look(run.instance(), figures, ConnectionChecks.created(job));
        return;
      }
    }
    gauges.look(run.instance(), null, null);
  }

  private @Nullable Condition now(Run run, @Nullable Condition before) {
    ConnectionLooks looks = ConnectionLooks.of(run);
    if (looks == null) {
      return run.model().endpoint().socket() ? null : before;
    }
    Instant proven = ConnectionChecks.proven(run);
    for (Job job : looks.jobs()) {
      if (JobOutcome.of(job).ended()) {
        return ConnectionChecks.good(job)
                || proven != null && proven.isAfter(ConnectionChecks.created(job))
            ? connected(run)
            : refused(run, job, before);
      }
      if (checks.overdue(job)) {
        return unknown(run, job);
      }
    }
    return proven == null ? before : connected(run);
  }

  private static Condition connected(Run run) {
    return Conditions.advice(
        TYPE,
        Conditions.TRUE,
        "Connected",
        "role "
            + run.model().endpoint().username()
            + " is let in to "
            + run.model().endpoint().address()
            + " as the application was told");
  }

  private static Condition refused(Run run, Job job, @Nullable Condition before) {
    ProbeVerdict verdict = ProbeWords.of(run.observed().pods(), job);
    if (verdict != null) {
      return Conditions.advice(
          TYPE, Conditions.FALSE, verdict.reason(), words(run, verdict) + AGAIN);
    }
    // A pod that is gone takes nothing back that it has said.
    return before != null && Conditions.FALSE.equals(before.getStatus())
        ? before
        : Conditions.advice(
            TYPE,
            Conditions.UNKNOWN,
            "ProbeFailed",
            "Job "
                + job.getMetadata().getName()
                + " has ended without a word about the server; see: kubectl logs -l job-name="
                + job.getMetadata().getName()
                + AGAIN);
  }

  /** The words of a probe are those for somebody else's server, whose Secret a person writes. */
  private static String words(Run run, ProbeVerdict verdict) {
    return run.external() == null && verdict.reason().equals("AuthenticationFailed")
        ? "the server does not take the password of role "
            + run.model().endpoint().username()
            + " that the application was told: somebody has changed it inside of the database;"
            + " write the password that the role has now into Secret "
            + run.model().names().credentials()
            + ", key password, and the application is told of it: kubectl edit secret "
            + run.model().names().credentials()
        : verdict.message();
  }

  private static Condition unknown(Run run, Job job) {
    String name = job.getMetadata().getName();
    StepResult waits = StepResult.waiting("Probing", "its pod has not ended");
    StepResult found =
        PodDiagnosis.any(run.observed().pods(), "job-name", name)
            ? PodDiagnosis.of(run.observed().pods(), "job-name", name).orElse(waits)
            : run.writer().missingPod(job, waits);
    return Conditions.advice(
        TYPE,
        Conditions.UNKNOWN,
        reason(found),
        "Job "
            + name
            + " has not looked at the server for long: "
            + Objects.requireNonNullElse(found.words(), "its pod has not ended")
            + "; see: kubectl describe job "
            + name);
  }

  private static String reason(StepResult found) {
    return switch (found) {
      case StepResult.Wait wait -> wait.reason();
      case StepResult.Stop stop -> stop.reason();
      case StepResult.Done done -> "Probing";
    };
  }
}
