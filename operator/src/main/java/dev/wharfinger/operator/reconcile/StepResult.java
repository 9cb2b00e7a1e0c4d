package dev.wharfinger.operator.reconcile;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a step came. */
sealed interface StepResult {

  /** The step's part of the world is as desired. */
  record Done() implements StepResult {}

  /**
   * The world is on its way.
   *
   * @param lookAgain when to look, where no event will come
   */
  record Wait(String reason, String message, Optional<Duration> lookAgain) implements StepResult {}

  /** Nothing goes on until somebody acts. */
  record Stop(String reason, String message) implements StepResult {}

  StepResult DONE = new Done();

  static StepResult waiting(String reason, String message) {
    return new Wait(reason, message, Optional.empty());
  }

  static StepResult stop(String reason, String message) {
    return new Stop(reason, message);
  }

  /** The same, and a look after a while even if no event comes. */
  default StepResult lookAgain(Duration after) {
    return this instanceof Wait(String reason, String message, Optional<Duration> sooner)
        ? new Wait(reason, message, Optional.of(sooner.orElse(after)))
        : this;
  }

  /** What there is to say; null where all is as desired. */
  default @Nullable String words() {
    return switch (this) {
      case Wait wait -> wait.message();
      case Stop stop -> stop.message();
      case Done done -> null;
    };
  }

  default boolean done() {
    return this instanceof Done;
  }
}
