package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Another password for the role of the operator's own server, as far as it has come.
 *
 * @param credentials the Secret of the role
 * @param wanted what somebody has written into it
 * @param told what the application was told last, or null where nobody knows
 * @param asked what the role is being given, or null where nothing is under way
 * @param job name of the Job that gives it; empty where nothing is under way
 * @param outcome what became of that Job
 */
record PasswordChange(
    Secret credentials,
    String wanted,
    @Nullable String told,
    @Nullable String asked,
    String job,
    JobOutcome outcome) {

  /** Null where the role has the password that its Secret has, and always had it. */
  static @Nullable PasswordChange of(Run run) {
    Secret credentials = run.observed().credentials();
    String wanted = SecretText.of(credentials, "password");
    if (run.active().backend() != Backend.POSTGRESQL
        || run.external() != null
        || credentials == null
        || wanted == null) {
      return null;
    }
    String told = SecretText.of(run.observed().binding(), "password");
    String asked = SecretText.of(credentials, CredentialsSecret.ASKED);
    String id = SecretText.of(credentials, CredentialsSecret.ASKED_ID);
    if (asked != null && id != null) {
      String job = Names.of(run.instance()).passwordJob(id);
      return new PasswordChange(
          credentials, wanted, told, asked, job, JobOutcome.of(run.observed().job(job)));
    }
    // What somebody wrote into the binding is no wish: it is set back.
    return told == null || told.equals(wanted) || !CredentialsSecret.edited(credentials)
        ? null
        : new PasswordChange(credentials, wanted, told, null, "", JobOutcome.ABSENT);
  }

  /** Whether the role has what is wanted. */
  boolean given() {
    return wanted.equals(asked) && outcome == JobOutcome.COMPLETE;
  }

  /** What the role has for certain, as long as no Job is about to give it another. */
  String former() {
    String former = SecretText.of(credentials, CredentialsSecret.FORMER);
    return asked == null || former == null
        ? Objects.requireNonNullElse(told, wanted)
        : outcome == JobOutcome.COMPLETE ? asked : former;
  }

  /** The Secret with a password that opens the server, for those who are told of it. */
  Secret told(Secret of) {
    return given()
        ? of
        : new SecretBuilder(of).addToData("password", SecretText.encode(former())).build();
  }
}
