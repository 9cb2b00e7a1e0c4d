package dev.wharfinger.operator.reconcile;

import io.fabric8.kubernetes.api.model.batch.v1.Job;

/**
 * A Job of schema migrations that never began gives way when something else is asked for. Before
 * anything waits for it, as moves and {@code suspend} do; what is made in its place is decided when
 * it is gone.
 */
final class SchemaWithdrawal implements Step {

  @Override
  public StepResult run(Run run) {
    Schema schema = run.schema();
    Job job = schema == null ? null : schema.running();
    if (schema != null && job != null && schema.outdated(job) && neverBegan(run, job)) {
      run.writer().delete(job);
    }
    return StepResult.DONE;
  }

  /**
   * Whether no runner of it has begun, as where its image, its files or a node for it are missing.
   * It is deleted as the version that was seen: one whose pod ends meanwhile stays.
   */
  private static boolean neverBegan(Run run, Job job) {
    return job.getMetadata().getDeletionTimestamp() == null
        && !RunnerStart.counted(job)
        && run.writer().pods().stream()
            .filter(p -> LastWords.ownedBy(p, job))
            .noneMatch(RunnerStart::seen);
  }
}
