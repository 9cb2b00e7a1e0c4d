package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.SchemaModel;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs Flyway on the backend that holds the data, outside of a move: as the application's role, and
 * on the server itself, whatever stands between it and the application.
 */
public final class SchemaJob {
  public static final String COMPONENT = "schema";

  /** What goes away by itself is tried for about ten minutes. */
  private static final int TRIES = 6;

  /** A pod that never starts must not keep moves and suspend waiting for ever. */
  private static final long DEADLINE_SECONDS = 6 * 3600L;

  private static final String COPY = ".before-schema-";
  private static final String UID = "JOB_UID";

  private SchemaJob() {}

  /**
   * The Job.
   *
   * @param files the ConfigMap as it is now; the runner refuses another content
   * @param done what the last Job was asked
   * @param place where the application's pod runs, because a volume can be mounted by one node only
   */
  public static Job desired(
      InstanceModel model,
      SchemaModel schema,
      ConfigMap files,
      SchemaAsk done,
      @Nullable Place place) {
    SchemaAsk ask = SchemaAsk.now(model.instance(), schema.content(files), true);
    boolean repair = ask.repairs(done);
    boolean sqlite = schema.active().backend() == Backend.SQLITE;
    List<String> args = new ArrayList<>(List.of("migrate-schema", "--to", url(model, sqlite)));
    args.addAll(FlywayJob.arguments());
    args.addAll(schema.options());
    args.addAll(
        List.of("--content", SchemaModel.filesHash(files), "--result", "/dev/termination-log"));
    if (repair) {
      args.add("--repair");
    }
    List<EnvVar> env = new ArrayList<>(sqlite ? List.of() : ServerAccess.environment(model));
    if (schema.copyFirst()) {
      args.addAll(copyTo(model));
      env.add(ownUid());
    }
    Container runner = JobTemplate.runner(model.operatorImage(), args, env);
    PodSpec pod =
        FlywayJob.withFiles(
            JobTemplate.pod(runner, model), Objects.requireNonNull(schema.configMap()));
    Job job =
        JobTemplate.job(
            model.names().schemaJob(ask.content() + ask.migrate() + (repair ? ask.repair() : "")),
            model.instance(),
            COMPONENT,
            Owner.of(model.instance()),
            Map.of(),
            sqlite
                ? RevisionJob.onVolume(pod, model, place)
                : ServerAccess.withCertificates(pod, model),
            TRIES);
    return marked(job, schema, ask);
  }

  /** The Job with what it was asked. */
  static Job marked(Job job, SchemaModel schema, SchemaAsk ask) {
    return job.edit()
        .editMetadata()
        .addToAnnotations(Annotations.EPOCH, Integer.toString(schema.active().epoch()))
        .addToAnnotations(Annotations.SCHEMA_CONTENT, ask.content())
        .addToAnnotations(Annotations.MIGRATE_SCHEMA, ask.migrate())
        .addToAnnotations(Annotations.REPAIR_SCHEMA, ask.repair())
        .endMetadata()
        .editSpec()
        .withActiveDeadlineSeconds(DEADLINE_SECONDS)
        .endSpec()
        .build();
  }

  /** The runner's arguments for a copy of before; they need {@link #ownUid}. */
  static List<String> copyTo(InstanceModel model) {
    return List.of("--copy-to", copy(model));
  }

  /** Where the copy of before is. */
  static String copy(InstanceModel model) {
    return path(model) + COPY + "$(" + UID + ")";
  }

  /** The database that the runner is to work on. */
  static String url(InstanceModel model, boolean sqlite) {
    return sqlite ? "sqlite:///" + path(model) : ServerAccess.url(model);
  }

  private static String path(InstanceModel model) {
    return JobTemplate.DATA_DIRECTORY + "/" + model.sqlite().mainDatabase();
  }

  /** So that no Job takes another's copy for its own, and each try of one does. */
  static EnvVar ownUid() {
    return new EnvVarBuilder()
        .withName(UID)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath("metadata.labels['controller-uid']")
        .endFieldRef()
        .endValueFrom()
        .build();
  }
}
