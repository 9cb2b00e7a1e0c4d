package dev.wharfinger.operator.job;

import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Owner;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;

/**
 * Gives the role of the operator's own server the password that is asked for. It logs in with the
 * one that the role has. Neither changes before the Job has ended, whatever somebody writes into
 * the Secret with the credentials.
 */
public final class PasswordJob {
  public static final String COMPONENT = "password";

  private static final int TRIES = 6;

  private PasswordJob() {}

  /** The Job. */
  public static Job desired(String name, InstanceModel model) {
    String role = model.names().role();
    List<EnvVar> env =
        List.of(
            new EnvVarBuilder().withName("PGUSER").withValue(model.endpoint().username()).build(),
            ServerAccess.fromSecret("PGPASSWORD", role, null, RoleSecret.NEXT, false),
            ServerAccess.fromSecret(
                "WHARFINGER_FORMER_PASSWORD", role, null, RoleSecret.PASSWORD, false));
    PodSpec pod =
        JobTemplate.pod(
            JobTemplate.runner(
                model.operatorImage(),
                List.of("change-password", "--to", ServerAccess.url(model)),
                env),
            model);
    return JobTemplate.job(
        name,
        model.instance(),
        COMPONENT,
        Owner.of(model.instance()),
        Map.of(),
        ServerAccess.withCertificates(pod, model),
        TRIES);
  }
}
