package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the role has is noted apart from what somebody wishes, on whichever backend the data is. A
 * server that was made before that was done gets its note once, and each of the two Secrets has
 * what the other needs to be made again. That the note itself is older than what the application
 * was told is seen by {@link PasswordStep}.
 */
final class RoleStep implements Step {

  @Override
  public StepResult run(Run run) {
    Secret credentials = run.observed().credentials();
    Secret role = run.observed().role();
    if (run.external() != null || credentials == null && role == null) {
      return StepResult.DONE;
    }
    if (role == null || !RoleSecret.knows(role)) {
      return note(run, credentials, role);
    }
    if (credentials == null) {
      return StepResult.DONE;
    }
    if (takesOver(run, credentials, role)) {
      return StepResult.waiting(
          "PasswordChanging", "what an operator of before has begun is brought to its end");
    }
    Secret completed =
        CredentialsSecret.completed(credentials, role, isOver(run, credentials, role));
    if (!Objects.equals(completed.getData(), credentials.getData())) {
      run.writer().replace(completed, credentials);
    }
    return StepResult.DONE;
  }

  /** A note without a password is none, and who reads it would be told nothing. */
  private static StepResult note(Run run, @Nullable Secret credentials, @Nullable Secret role) {
    Secret derived =
        RoleSecret.derived(
            credentials == null ? Objects.requireNonNull(role) : credentials,
            PostgresqlServer.of(run.model()),
            PasswordChange.bound(run),
            run.observed().serverClaim() != null);
    if (!RoleSecret.knows(derived)) {
      return missing(run, credentials);
    }
    if (role == null) {
      // Where it is there after all, only a label is mended.
      run.writer().create(derived);
    } else {
      run.writer().replace(RoleSecret.mended(role, derived), role);
    }
    return credentials == null
        ? StepResult.waiting("ServerStarting", "the credentials are being made")
        : StepResult.DONE;
  }

  /** Of a Secret that is not there at all the server's step has more to say. */
  private static StepResult missing(Run run, @Nullable Secret credentials) {
    return credentials == null || run.active().backend() != Backend.POSTGRESQL
        ? StepResult.DONE
        : StepResult.stop(
            "CredentialsMissing",
            "there is no password in Secret "
                + run.model().names().role()
                + " and none in Secret "
                + run.model().names().credentials()
                + ", while the data is there: a new one would not open it; restore one of the two, or write the password"
                + " that the role has into the latter");
  }

  /**
   * Somebody had gone back to an operator that notes in the other Secret what it begins, and what
   * is noted here is older.
   */
  private static boolean takesOver(Run run, Secret credentials, Secret role) {
    if (RoleSecret.asks(role) || !begun(run, credentials)) {
      return false;
    }
    // It may have been brought to its end a moment ago, and the cache has it still.
    Secret live = run.writer().live(Secret.class, credentials.getMetadata().getName());
    if (live != null && begun(run, live)) {
      run.writer().replace(RoleSecret.takenOver(role, live), role);
    }
    return true;
  }

  /** What a Secret of long ago brings back is none of what the application was told since. */
  private static boolean begun(Run run, Secret credentials) {
    String bound = PasswordChange.bound(run);
    return RoleSecret.begun(credentials)
        && (bound == null
            || bound.equals(SecretText.of(credentials, CredentialsSecret.FORMER))
            || bound.equals(SecretText.of(credentials, CredentialsSecret.ASKED)));
  }

  /** As long as the Job of such an operator is at work, its pods read the other Secret. */
  private static boolean isOver(Run run, Secret credentials, Secret role) {
    String id = SecretText.of(credentials, CredentialsSecret.ASKED_ID);
    return id == null
        || !begun(run, credentials)
        || id.equals(SecretText.of(role, RoleSecret.NEXT_ID))
            && JobOutcome.of(run.observed().job(Names.of(run.instance()).passwordJob(id))).ended();
  }

  /** What has a password that opens the server, or null where that is not seen yet. */
  static @Nullable Secret credentials(Run run) {
    Secret role = run.observed().role();
    if (role != null && RoleSecret.knows(role)) {
      return PasswordChange.told(run, role);
    }
    String bound = PasswordChange.bound(run);
    Secret other = role == null ? run.observed().credentials() : role;
    return bound == null || other == null
        ? null
        : new SecretBuilder(other).addToData(RoleSecret.PASSWORD, SecretText.encode(bound)).build();
  }
}
