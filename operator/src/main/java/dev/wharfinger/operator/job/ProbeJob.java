package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.ExternalSpec;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.Owner;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tries an external server from the instance's own namespace, under its network policies: whoever
 * writes a StorageInstance names a host, and the operator's process never connects to one.
 */
public final class ProbeJob {
  public static final String COMPONENT = "probe";

  /** After that the Job is made again; each try doubles the pause, from ten seconds on. */
  private static final int TRIES = 6;

  private ProbeJob() {}

  /** Name of the Job for what is said now; a change in spec or Secrets is another Job. */
  public static String name(InstanceModel model, ExternalServer server) {
    return model.name() + "-probe-" + Names.hash(server.version());
  }

  /** The Job. */
  public static Job desired(InstanceModel model, ExternalServer server) {
    ExternalSpec spec = Objects.requireNonNull(model.external(), "only with an external server");
    List<String> args =
        new ArrayList<>(
            List.of("probe", "--to", ServerAccess.url(model), "--result", "/dev/termination-log"));
    if (spec.adminSecretRef() != null) {
      args.add("--create");
    }
    Container runner =
        JobTemplate.runner(model.operatorImage(), args, environment(model, spec.adminSecretRef()));
    PodSpec pod = JobTemplate.pod(runner, model);
    return JobTemplate.job(
        name(model, server),
        model.instance(),
        COMPONENT,
        Owner.of(model.instance()),
        Map.of(),
        ServerAccess.withCertificates(pod, model),
        TRIES);
  }

  private static List<EnvVar> environment(
      InstanceModel model, ExternalSpec.@Nullable AdminRef admin) {
    List<EnvVar> env = new ArrayList<>(ServerAccess.environment(model));
    if (admin != null) {
      env.add(
          ServerAccess.fromSecret(
              "WHARFINGER_ADMIN_USER", admin.name(), admin.usernameKey(), "username", false));
      env.add(
          ServerAccess.fromSecret(
              "WHARFINGER_ADMIN_PASSWORD", admin.name(), admin.passwordKey(), "password", false));
    }
    return env;
  }
}
