package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.job.ConnectionJob;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.ProbeJob;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has a server looked at again that is served already, where that is asked for: somebody may have
 * changed a password, a right, a certificate or a rule there, and no event tells of that. One short
 * Job at a time, after a long pause, or a short one where the last was not let in. Never in
 * anybody's way: no step waits for it, and it takes nothing from the application, whatever it
 * finds.
 */
final class ConnectionChecks implements Step {
  private static final int HEX = 16;

  private final Duration usual;
  private final Clock clock;

  /** An operator that has just begun looks at none at once: there may be hundreds. */
  private final Instant began;

  /**
   * The step.
   *
   * @param usual the pause after a look that was let in; zero for no looks at all
   */
  ConnectionChecks(Duration usual, Clock clock) {
    this.usual = usual;
    this.clock = clock;
    this.began = clock.instant();
  }

  @Override
  public StepResult run(Run run) {
    if (run.moving()) {
      return StepResult.DONE;
    }
    ConnectionLooks looks = ConnectionLooks.of(run);
    if (usual.isZero() || run.active().backend() != Backend.POSTGRESQL) {
      delete(run, ConnectionLooks.all(run.observed()).toList());
    } else if (looks != null) {
      look(run, looks);
    }
    return StepResult.DONE;
  }

  private void look(Run run, ConnectionLooks looks) {
    Instant now = clock.instant();
    Job last = looks.last();
    if (last == null) {
      if (!now.isBefore(first(run, looks))) {
        make(run, ConnectionLook.first(looks.content(), now));
      }
    } else if (JobOutcome.of(last).ended() && last.getMetadata().getDeletionTimestamp() == null) {
      delete(run, looks.past());
      ConnectionLook look = Objects.requireNonNull(ConnectionLook.of(last));
      if (look.due(now, good(last), usual)) {
        make(run, look.next(now, good(last)));
      }
    }
  }

  /**
   * Long after what is known already: an external server was probed before it was told, and the
   * operator's own was made. What the role of the latter has been given since is looked at at once.
   */
  private Instant first(Run run, ConnectionLooks looks) {
    Instant known = began;
    if (run.external() != null) {
      Instant proven = proven(run);
      known = proven == null ? began : proven;
    } else if (!looks.others().isEmpty()) {
      return began;
    } else if (run.observed().binding() != null) {
      known = created(Objects.requireNonNull(run.observed().binding()));
    }
    long share = Long.parseLong(Names.hash(looks.content()), HEX);
    return (known.isBefore(began) ? began : known)
        .plus(usual)
        .plusSeconds(share % Math.max(1, usual.toSeconds()));
  }

  /** The name tells which one it is: an operator that sees too little makes none twice. */
  private static void make(Run run, ConnectionLook look) {
    run.writer()
        .create(
            ConnectionJob.desired(
                    run.model().names().connectionJob(look.content() + " " + look.turn()),
                    run.model())
                .edit()
                .editMetadata()
                .addToAnnotations(Annotations.CONNECTION, look.text())
                .endMetadata()
                .build());
  }

  private static void delete(Run run, List<Job> jobs) {
    jobs.stream()
        .filter(j -> j.getMetadata().getDeletionTimestamp() == null)
        .forEach(run.writer()::delete);
  }

  /** When to look whether there is something to do; empty where an event will tell. */
  Optional<Duration> wake(Run run) {
    ConnectionLooks looks = ConnectionLooks.of(run);
    if (usual.isZero() || looks == null || run.moving()) {
      return Optional.empty();
    }
    Job last = looks.last();
    Instant next =
        last == null
            ? first(run, looks)
            : Objects.requireNonNull(ConnectionLook.of(last))
                .again(good(last) || !JobOutcome.of(last).ended(), usual);
    Duration left = Duration.between(clock.instant(), next);
    return left.isPositive() ? Optional.of(left.plusSeconds(1)) : Optional.empty();
  }

  /** Whether a Job's time is over and it has not ended: then nothing new is known. */
  boolean overdue(Job job) {
    return !JobOutcome.of(job).ended()
        && Objects.requireNonNull(ConnectionLook.of(job)).due(clock.instant(), true, usual);
  }

  /** Whether anything is looked at. */
  boolean any() {
    return !usual.isZero();
  }

  Clock clock() {
    return clock;
  }

  static boolean good(Job job) {
    return JobOutcome.of(job) == JobOutcome.COMPLETE;
  }

  /** When a Job was made that has tried the external server as it is told now; null for none. */
  static @Nullable Instant proven(Run run) {
    ExternalServer server = run.external() == null ? null : run.external().server();
    Job probe = server == null ? null : run.observed().job(ProbeJob.name(run.model(), server));
    return probe == null || !good(probe) ? null : created(probe);
  }

  static Instant created(HasMetadata object) {
    return Instant.parse(object.getMetadata().getCreationTimestamp());
  }
}
