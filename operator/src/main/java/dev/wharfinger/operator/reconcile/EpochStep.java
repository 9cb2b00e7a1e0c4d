package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Labels;

/**
 * What a binding proves is kept on the claims too. The first step, because whatever stops a run,
 * the Secret may be gone at the next one.
 */
final class EpochStep implements Step {

  @Override
  public StepResult run(Run run) {
    if (run.observed().binding() != null
        && Labels.isOurs(run.observed().binding(), run.instance())) {
      write(run);
    }
    return StepResult.DONE;
  }

  static void write(Run run) {
    run.writer()
        .claimMarks(run.active())
        .write(run.observed().dataClaim(), run.observed().serverClaim());
  }
}
