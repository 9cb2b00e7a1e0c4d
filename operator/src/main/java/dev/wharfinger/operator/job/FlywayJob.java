package dev.wharfinger.operator.job;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;

/** Makes the target's schema from SQL files. */
public final class FlywayJob {
  private static final String DIRECTORY = "/migrations";

  private FlywayJob() {}

  /**
   * The Job.
   *
   * @param configMap ConfigMap with {@code V1__name.sql} files
   */
  public static Job desired(Move move, String configMap) {
    Container runner =
        JobTemplate.runner(
                move.model().operatorImage(),
                List.of("migrate-schema", "--to", move.targetUrl(), "--locations", DIRECTORY),
                move.password())
            .edit()
            .addNewVolumeMount()
            .withName("migrations")
            .withMountPath(DIRECTORY)
            .withReadOnly(true)
            .endVolumeMount()
            .build();
    PodSpec pod =
        JobTemplate.pod(runner, move.model())
            .edit()
            .addToVolumes(
                new VolumeBuilder()
                    .withName("migrations")
                    .withNewConfigMap()
                    .withName(configMap)
                    .endConfigMap()
                    .build())
            .build();
    return move.job(JobRole.SCHEMA, move.trusting(pod), 2);
  }
}
