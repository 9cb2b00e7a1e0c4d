package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.BindingSecret;
import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Objects;
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
 * @param bound what the application was told, or null where it was told nothing
 */
record PasswordChange(
    Secret role,
    String wanted,
    String has,
    @Nullable String next,
    String job,
    JobOutcome outcome,
    @Nullable String bound) {

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
          role, wanted, has, next, job, JobOutcome.of(run.observed().job(job)), bound(run));
    }
    PasswordChange rest =
        new PasswordChange(role, wanted, has, null, "", JobOutcome.ABSENT, bound(run));
    if (rest.strays() && !renders(run, role)) {
      rest = rest.seen(null);
    }
    return wanted.equals(has) && !rest.strays() ? null : rest;
  }

  /** What the application was told last; null where that is nothing, or another server's. */
  static @Nullable String bound(Run run) {
    return run.active().backend() == Backend.POSTGRESQL && run.external() == null
        ? password(run.observed().binding())
        : null;
  }

  private static @Nullable String password(@Nullable Secret binding) {
    String told = SecretText.of(binding, RoleSecret.PASSWORD);
    return told == null || told.isEmpty() ? null : told;
  }

  /** A binding that cannot be written has what it had, whatever became of the role. */
  private static boolean renders(Run run, Secret role) {
    try {
      BindingSecret.desired(run.model(), run.active(), Map.of(), role);
      return true;
    } catch (StalledException e) {
      return false;
    }
  }

  /** The same with what a binding says. */
  PasswordChange seen(@Nullable Secret binding) {
    return new PasswordChange(role, wanted, has, next, job, outcome, password(binding));
  }

  /**
   * Whether the application was told of another password than is noted, as where somebody has
   * brought back an older note, or has written into the binding. The role may have either.
   */
  boolean strays() {
    return next == null && bound != null && !bound.equals(has);
  }

  /** Whether somebody has put back what the role was never to lose. */
  boolean takenBack() {
    return next != null && proven() && outcome == JobOutcome.REFUSED && wanted.equals(has);
  }

  /**
   * The Secret with what the role is to be given. It has all that the role may have by then: the
   * Job tries the next password first, and then the other.
   */
  Secret asking() {
    if (next != null && !proven()) {
      // What was refused is not the role's, and nobody may be told of it.
      return RoleSecret.asking(role, wanted, wanted);
    }
    return strays() && (!wanted.equals(bound) || CredentialsSecret.unfit(wanted) != null)
        ? RoleSecret.asking(role, Objects.requireNonNull(bound), has)
        : RoleSecret.asking(role, wanted);
  }

  /** Whether it is known what the role has; else the Job finds out. */
  boolean proven() {
    return !has.equals(next) || outcome == JobOutcome.COMPLETE;
  }

  /**
   * The Secret with the password for those who are told of it. Who was told of one keeps it until a
   * Job has proven another to be the role's: it may stand nowhere else.
   */
  static Secret told(Run run, Secret role) {
    PasswordChange change = of(run);
    String given = change == null || change.outcome() != JobOutcome.COMPLETE ? null : change.next();
    String password = given == null ? bound(run) : given;
    return password == null
        ? role
        : new SecretBuilder(role)
            .addToData(RoleSecret.PASSWORD, SecretText.encode(password))
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
