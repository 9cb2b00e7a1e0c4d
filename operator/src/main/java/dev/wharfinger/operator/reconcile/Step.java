package dev.wharfinger.operator.reconcile;

/**
 * One part of the way from the resource to the world. Idempotent; writes nothing when nothing is to
 * do.
 */
interface Step {
  StepResult run(Run run);
}
