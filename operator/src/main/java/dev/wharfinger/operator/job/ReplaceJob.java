package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.RestoreSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts a set in the place of the files on a SQLite volume: one Job makes it beside them, and
 * another exchanges the two. The volume's claim stays the same one, because the application's pods
 * name it.
 *
 * @param model the instance
 * @param restore whose Jobs they are
 */
public record ReplaceJob(InstanceModel model, StorageRestore restore) {
  public static final String COMPONENT = "replace";

  private static final int TRIES = 4;

  /** Name of the Job that plays {@code role}. */
  public static String name(String restore, RestoreRole role) {
    return Move.base(restore) + "-" + role.word();
  }

  /**
   * Makes the set beside the data.
   *
   * @param expected databases that it must have
   */
  public Job stage(RestoreSource source, List<String> expected, List<Toleration> tolerations) {
    List<String> args = RestoreJob.set(source);
    args.addAll(List.of("--directory", JobTemplate.DATA_DIRECTORY, "--stage", task()));
    // What the set has not would be missing, and looked as if it were restored.
    expected.forEach(file -> args.addAll(List.of("--expect", file)));
    args.addAll(RestoreJob.identity(source));
    return job(
        RestoreRole.STAGE,
        args,
        pod -> RestoreJob.withIdentity(RestoreJob.withSets(pod, source), source),
        tolerations);
  }

  /**
   * Puts it in their place.
   *
   * @param databases those that are moved away also where the set has none of that name
   */
  public Job swap(List<String> databases, List<Toleration> tolerations) {
    List<String> args =
        new ArrayList<>(
            List.of("swap", "--directory", JobTemplate.DATA_DIRECTORY, "--stage", task()));
    databases.forEach(file -> args.addAll(List.of("--database", file)));
    return job(RestoreRole.SWAP, args, pod -> pod, tolerations);
  }

  /** The folder on the volume with what was there before. */
  public static String kept(StorageRestore restore) {
    return ".wharfinger-replaced-" + restore.getMetadata().getUid();
  }

  private String task() {
    return restore.getMetadata().getUid();
  }

  private Job job(
      RestoreRole role,
      List<String> args,
      java.util.function.UnaryOperator<PodSpec> mounts,
      List<Toleration> tolerations) {
    args.addAll(List.of("--result", "/dev/termination-log"));
    PodSpec pod =
        JobTemplate.pod(JobTemplate.runner(model.operatorImage(), args, List.of()), model);
    String name = restore.getMetadata().getName();
    return JobTemplate.job(
        name(name, role),
        model.instance(),
        COMPONENT,
        Owner.of(restore),
        Map.of(Labels.RESTORE, Move.base(name)),
        mounts
            .apply(JobTemplate.withData(pod, model.names().dataClaim()))
            .edit()
            .withTolerations(tolerations)
            .build(),
        TRIES);
  }
}
