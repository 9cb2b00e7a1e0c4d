package dev.wharfinger.operator.reconcile;

/** How far a step came. */
sealed interface StepResult {

  /** The step's part of the world is as desired. */
  record Done() implements StepResult {}

  /** The world is on its way; an event will come. */
  record Wait(String reason, String message) implements StepResult {}

  /** Nothing goes on until somebody acts. */
  record Stop(String reason, String message) implements StepResult {}

  StepResult DONE = new Done();

  static StepResult waiting(String reason, String message) {
    return new Wait(reason, message);
  }

  static StepResult stop(String reason, String message) {
    return new Stop(reason, message);
  }

  default boolean done() {
    return this instanceof Done;
  }
}
