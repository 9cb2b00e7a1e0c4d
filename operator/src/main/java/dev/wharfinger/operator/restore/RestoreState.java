package dev.wharfinger.operator.restore;

import dev.wharfinger.api.v1alpha1.RestorePhase;
import dev.wharfinger.operator.migration.MigrationState.Mood;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.restore.RestoreAction.Annotate;
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
public record RestoreState(
    RestorePhase phase,
    Mood mood,
    String reason,
    String message,
    List<RestoreAction> actions,
    @Nullable Duration after) {
  private static final Duration AT_ONCE = Duration.ofMillis(100);

  /** Waiting for what can only be seen in live lists. */
  static final Duration SOON = Duration.ofSeconds(1);

  /** Waiting for a Job, whose end also wakes us. */
  static final Duration LATER = Duration.ofSeconds(5);

  /** Waiting for a person, whose word also wakes us. */
  static final Duration PATIENTLY = Duration.ofMinutes(1);

  static RestoreState working(RestorePhase phase, String reason, String message) {
    return new RestoreState(phase, Mood.WORKING, reason, message, List.of(), LATER);
  }

  static RestoreState stalled(RestorePhase phase, String reason, String message) {
    return new RestoreState(phase, Mood.STALLED, reason, message, List.of(), PATIENTLY);
  }

  /** This state with things to do; without any it is only looked at again later. */
  RestoreState doing(List<RestoreAction> todo) {
    return todo.isEmpty()
        ? this
        : new RestoreState(phase, mood, reason, message, List.copyOf(todo), AT_ONCE);
  }

  RestoreState doing(RestoreAction... todo) {
    return doing(List.of(todo));
  }

  RestoreState after(Duration duration) {
    return new RestoreState(phase, mood, reason, message, actions, duration);
  }

  /** Given up before the swap: the decision is written down before anything follows from it. */
  static RestoreState giveUp(String reason, String message) {
    return working(RestorePhase.ROLLING_BACK, reason, message)
        .doing(new Annotate(Annotations.ROLLBACK, reason + ": " + message));
  }

  /** Nothing is left to do but to write down the end, after {@code before}. */
  static RestoreState end(
      RestorePhase shown,
      RestorePhase end,
      String reason,
      String message,
      List<RestoreAction> before) {
    List<RestoreAction> todo = new ArrayList<>(before);
    todo.add(new Annotate(Annotations.ENDED, end.value()));
    return working(shown, reason, message).doing(todo);
  }

  /** The conditions, without times. */
  public List<Condition> conditions() {
    return switch (mood) {
      case WORKING -> Conditions.reconciling(reason, message);
      case STALLED -> Conditions.stalled(reason, message);
      case GOOD -> Conditions.ready(reason, message);
    };
  }
}
