package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Flyway;
import dev.wharfinger.operator.model.SchemaModel;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;

/** Makes the target's schema from SQL files. */
public final class FlywayJob {
  private static final String DIRECTORY = "/migrations";
  private static final String FILES = "migrations";

  private FlywayJob() {}

  /**
   * The Job.
   *
   * @param flyway what is said of the files, which are {@code V1__name.sql} of a ConfigMap
   */
  public static Job desired(Move move, Flyway flyway) {
    List<String> args = new ArrayList<>(List.of("migrate-schema", "--to", move.targetUrl()));
    args.addAll(arguments());
    args.addAll(SchemaModel.options(flyway));
    PodSpec pod =
        JobTemplate.pod(
            JobTemplate.runner(move.model().operatorImage(), args, move.password()), move.model());
    return move.job(
        JobRole.SCHEMA,
        move.trusting(withFiles(pod, SchemaModel.configMap(flyway, Backend.POSTGRESQL))),
        2);
  }

  /** Where the runner finds the files. */
  static List<String> arguments() {
    return List.of("--locations", DIRECTORY);
  }

  /** The pod with the files of a ConfigMap. */
  static PodSpec withFiles(PodSpec pod, String configMap) {
    return pod.edit()
        .editFirstContainer()
        .addNewVolumeMount()
        .withName(FILES)
        .withMountPath(DIRECTORY)
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .addToVolumes(
            new VolumeBuilder()
                .withName(FILES)
                .withNewConfigMap()
                .withName(configMap)
                .endConfigMap()
                .build())
        .build();
  }
}
