package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.model.StalledException;

/**
 * Says why the certificate that somebody else makes is not used. One of the last steps: the server
 * goes on with the one it has, and nothing else waits.
 */
final class GivenStep implements Step {

  @Override
  public StepResult run(Run run) {
    StalledException problem = run.given() == null ? null : run.given().problem();
    return problem == null || run.active().backend() == Backend.SQLITE
        ? StepResult.DONE
        : StepResult.stop(
            problem.reason(),
            problem.explanation() + "; until then the server shows the certificate it has");
  }
}
