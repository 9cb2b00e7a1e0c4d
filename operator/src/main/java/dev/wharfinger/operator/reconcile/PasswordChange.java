package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/**
 * Another password for the role of the operator's own server, as far as it has come.
 *
 * @param role the Secret that says what the role has
 * @param wanted what somebody has written into the other one
 * @param has what the role has, as long as no Job is about to give it another
 * @param next what the role is being given, or null where nothing is under way
 * @param job name of the Job that gives it; empty where nothing is under way
 * @param outcome what became of that Job
 */
record PasswordChange(
    Secret role, String wanted, String has, @Nullable String next, String job, JobOutcome outcome) {

  /** Null where the role has the password that is wished for, and where nothing can be told. */
  static @Nullable PasswordChange of(Run run) {
    Secret role = run.observed().role();
    String wanted = SecretText.of(run.observed().credentials(), RoleSecret.PASSWORD);
    String has = SecretText.of(role, RoleSecret.PASSWORD);
    if (run.active().backend() != Backend.POSTGRESQL
        || run.external() != null
        || role == null
        || wanted == null
        || has == null) {
      return null;
    }
    String next = SecretText.of(role, RoleSecret.NEXT);
    String id = SecretText.of(role, RoleSecret.NEXT_ID);
    if (next != null && id != null) {
      String job = Names.of(run.instance()).passwordJob(id);
      return new PasswordChange(
          role, wanted, has, next, job, JobOutcome.of(run.observed().job(job)));
    }
    return wanted.equals(has)
        ? null
        : new PasswordChange(role, wanted, has, null, "", JobOutcome.ABSENT);
  }

  /** Whether it is known what the role has; else the Job finds out. */
  boolean proven() {
    return !has.equals(next) || outcome == JobOutcome.COMPLETE;
  }

  /** The Secret with a password that opens the server, for those who are told of it. */
  static Secret told(Secret role, @Nullable PasswordChange change) {
    return change == null || change.next() == null || change.outcome() != JobOutcome.COMPLETE
        ? role
        : new SecretBuilder(role)
            .addToData(RoleSecret.PASSWORD, SecretText.encode(change.next()))
            .build();
  }

  /**
   * Name of the Job that gives the role another password, or is about to, read live; or null. One
   * that could not leaves the role as it was.
   */
  static @Nullable String underWay(KubernetesClient client, String namespace, Names names) {
    Secret role = client.secrets().inNamespace(namespace).withName(names.role()).get();
    String id = SecretText.of(role, RoleSecret.NEXT_ID);
    if (id == null) {
      return null;
    }
    String job = names.passwordJob(id);
    JobOutcome outcome =
        JobOutcome.of(client.batch().v1().jobs().inNamespace(namespace).withName(job).get());
    return outcome == JobOutcome.REFUSED ? null : job;
  }
}
