package dev.wharfinger.operator.migration;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.migration.Action.Annotate;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one look at the world amounts to.
 *
 * @param phase the step
 * @param mood which conditions it makes
 * @param reason the conditions' reason, CamelCase
 * @param message what a person needs to know; no counts of tries, no times, no data
 * @param actions what to do now, in order
 * @param after when to look again; null when nothing more will happen
 */
public record MigrationState(
    MigrationPhase phase,
    Mood mood,
    String reason,
    String message,
    List<Action> actions,
    @Nullable Duration after) {

  /** After actions: the world has changed by our own hand. */
  static final Duration AT_ONCE = Duration.ofMillis(100);

  /** Waiting for what can only be seen in live lists. */
  static final Duration SOON = Duration.ofSeconds(1);

  /** Waiting for a Job or a server, whose end also wakes us. */
  static final Duration LATER = Duration.ofSeconds(5);

  /** Which conditions a state makes. */
  public enum Mood {
    /** Work goes on by itself. */
    WORKING,
    /** Somebody must act. */
    STALLED,
    /** Ended as asked for. */
    GOOD
  }

  static MigrationState working(MigrationPhase phase, String reason, String message) {
    return new MigrationState(phase, Mood.WORKING, reason, message, List.of(), LATER);
  }

  static MigrationState stalled(MigrationPhase phase, String reason, String message) {
    return new MigrationState(phase, Mood.STALLED, reason, message, List.of(), LATER);
  }

  /** This state with things to do; without any it is only looked at again later. */
  MigrationState doing(List<Action> actions) {
    return actions.isEmpty()
        ? this
        : new MigrationState(phase, mood, reason, message, List.copyOf(actions), AT_ONCE);
  }

  MigrationState doing(Action... actions) {
    return doing(List.of(actions));
  }

  MigrationState after(Duration duration) {
    return new MigrationState(phase, mood, reason, message, actions, duration);
  }

  /** Given up: the decision is written down before anything follows from it. */
  static MigrationState giveUp(String reason, String message) {
    return working(MigrationPhase.ROLLING_BACK, reason, message)
        .doing(new Annotate(Annotations.ROLLBACK, reason + ": " + message));
  }

  /** Nothing is left to do but to write down the end, after {@code before}. */
  static MigrationState end(
      MigrationPhase shown,
      MigrationPhase end,
      String reason,
      String message,
      List<Action> before) {
    List<Action> actions = new ArrayList<>(before);
    actions.add(new Annotate(Annotations.ENDED, end.value()));
    return working(shown, reason, message).doing(actions);
  }

  /** The conditions, without times. */
  public List<Condition> conditions() {
    return switch (mood) {
      case WORKING -> Conditions.reconciling(reason, message);
      case STALLED -> Conditions.stalled(reason, message);
      case GOOD -> Conditions.ready(reason, message);
    };
  }

  /** Whether nothing more will happen. */
  public boolean ended() {
    return after == null;
  }
}
