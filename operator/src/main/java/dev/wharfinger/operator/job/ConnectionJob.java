package dev.wharfinger.operator.job;

import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Owner;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;

/**
 * Looks whether the application could still log in to the server that it was told of. What is
 * missing there is told and never made: a database that somebody dropped would come back empty.
 */
public final class ConnectionJob {
  public static final String COMPONENT = "connection";

  /** Two pauses, of ten and twenty seconds: a server that is restarted is not told of. */
  private static final int TRIES = 2;

  private ConnectionJob() {}

  /** The Job; whoever made it begins another one after it has ended. */
  public static Job desired(String name, InstanceModel model) {
    PodSpec pod =
        JobTemplate.pod(
            JobTemplate.runner(
                model.operatorImage(),
                List.of(
                    "probe", "--to", ServerAccess.url(model), "--result", "/dev/termination-log"),
                ServerAccess.environment(model)),
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
