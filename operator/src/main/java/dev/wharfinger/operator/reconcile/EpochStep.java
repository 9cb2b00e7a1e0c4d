package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.dependent.PostgresqlConfigMap;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * What a binding proves is kept on the claims too. The first step, because whatever stops a run,
 * the Secret may be gone at the next one.
 */
final class EpochStep implements Step {

  @Override
  public StepResult run(Run run) {
    if (run.observed().binding() != null
        && Labels.isOurs(run.observed().binding(), run.instance())) {
      try {
        write(run);
      } catch (KubernetesClientException e) {
        // The move marked the claim a moment ago; the event that says so brings the next run.
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          throw e;
        }
      }
    }
    return StepResult.DONE;
  }

  static void write(Run run) {
    run.writer().claimMarks(run.active()).write(run.observed().dataClaim(), serverClaim(run));
  }

  /** A claim that came in the place of the one that held the data holds nothing. */
  private static @Nullable PersistentVolumeClaim serverClaim(Run run) {
    PersistentVolumeClaim claim = run.observed().serverClaim();
    String initialized = PostgresqlConfigMap.initialized(run.observed().serverConfig());
    return claim != null
            && (initialized.isEmpty() || initialized.equals(claim.getMetadata().getUid()))
        ? claim
        : null;
  }
}
