package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the role has is noted apart from what somebody wishes, on whichever backend the data is. A
 * server that was made before that was done gets its note once, and each of the two Secrets has
 * what the other needs to be made again.
 */
final class RoleStep implements Step {

  @Override
  public StepResult run(Run run) {
    Secret credentials = run.observed().credentials();
    Secret role = run.observed().role();
    if (run.external() != null || credentials == null) {
      return StepResult.DONE;
    }
    if (role == null) {
      // Where it is there after all, only a label is mended.
      run.writer().create(derived(run, credentials));
      return StepResult.DONE;
    }
    Secret completed = CredentialsSecret.completed(credentials, role);
    if (!Objects.equals(completed.getData(), credentials.getData())) {
      run.writer().replace(completed, credentials);
    }
    return StepResult.DONE;
  }

  /** What has a password that opens the server, or null where that is not seen yet. */
  static @Nullable Secret credentials(Run run) {
    Secret role = run.observed().role();
    if (role != null) {
      return PasswordChange.told(role, PasswordChange.of(run));
    }
    Secret credentials = run.observed().credentials();
    return credentials == null || run.observed().binding() == null
        ? null
        : derived(run, credentials);
  }

  private static Secret derived(Run run, Secret credentials) {
    String told =
        run.active().backend() == Backend.POSTGRESQL
            ? SecretText.of(run.observed().binding(), RoleSecret.PASSWORD)
            : null;
    return RoleSecret.derived(
        credentials, PostgresqlServer.of(run.model()), told, run.observed().serverClaim() != null);
  }
}
