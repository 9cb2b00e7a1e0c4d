package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.SchemaModel;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the application's own migration tool on the backend that holds the data, outside of a move.
 * One pod, containers after each other: on SQLite the runner finds the file and makes the copy of
 * before; the tool may be asked for the ends of its migrations; the tool runs in the application's
 * image; the runner says which revision there is, and deletes the oldest copies.
 */
public final class StandingCommandJob {
  /** The container that sees whether there is one end of the migrations, where that is asked. */
  public static final String HEADS = SchemaCommandJob.HEADS;

  /** The container that finds the SQLite file, and copies it. */
  public static final String BEFORE = "before";

  /** The container that runs the command. */
  public static final String COMMAND = SchemaCommandJob.CONTAINER;

  /** The containers that do something, in whatever order. */
  public static final Set<String> CONTAINERS = Set.of(HEADS, BEFORE, COMMAND, JobTemplate.RUNNER);

  /** Apart from the consumer's own volumes, whatever they are called. */
  private static final String OURS = "wharfinger-";

  private static final int TRIES = 2;

  private StandingCommandJob() {}

  /**
   * The Job.
   *
   * @param consumer the pod whose container runs the command
   * @param place where the application's pod runs, because a volume can be mounted by one node only
   */
  public static Job desired(
      InstanceModel model,
      SchemaModel schema,
      PodSpec consumer,
      Container container,
      @Nullable Place place) {
    boolean sqlite = schema.active().backend() == Backend.SQLITE;
    SchemaAsk ask =
        SchemaAsk.now(
            model.instance(),
            schema.content(Objects.requireNonNull(schema.command()), container.getImage()),
            false);
    PodSpec pod = pod(model, schema, consumer, container, sqlite);
    Job job =
        JobTemplate.job(
            model.names().schemaJob(ask.content() + ask.migrate()),
            model.instance(),
            SchemaJob.COMPONENT,
            Owner.of(model.instance()),
            Map.of(),
            sqlite && place != null ? JobTemplate.pinned(pod, place) : pod,
            TRIES);
    return SchemaJob.marked(
        job.edit()
            .editSpec()
            .editPodFailurePolicy()
            .addAllToRules(SchemaCommandJob.refusals(pod))
            .endPodFailurePolicy()
            .endSpec()
            .build(),
        schema,
        ask);
  }

  private static PodSpec pod(
      InstanceModel model,
      SchemaModel schema,
      PodSpec consumer,
      Container container,
      boolean sqlite) {
    String claim = model.names().dataClaim();
    PodSpec theirs =
        SchemaCommandJob.standing(
            model.names().binding(),
            sqlite ? claim : null,
            consumer,
            container,
            Objects.requireNonNull(schema.command()));
    PodSpec ours = ours(model, sqlite);
    // A claim that a pod names twice is mounted by some kubelets never.
    String data =
        theirs.getVolumes().stream()
            .filter(v -> References.isClaim(v, claim))
            .map(Volume::getName)
            .findFirst()
            .orElse(null);
    Container runner = container(ours, data);
    List<Container> first = new ArrayList<>();
    if (sqlite) {
      // Even to ask an application for the ends of its migrations may change its file, or make one.
      first.add(before(runner, schema.copyFirst(), model));
    }
    first.addAll(theirs.getInitContainers());
    first.addAll(theirs.getContainers());
    return theirs
        .edit()
        .withInitContainers(first)
        .withContainers(after(runner, schema.copyFirst(), model))
        .withImagePullSecrets(pullSecrets(theirs, ours))
        .editSecurityContext()
        .withFsGroup(
            Objects.requireNonNullElse(
                theirs.getSecurityContext().getFsGroup(), model.sqlite().gid()))
        .withFsGroupChangePolicy(
            Objects.requireNonNullElse(
                theirs.getSecurityContext().getFsGroupChangePolicy(), "OnRootMismatch"))
        .endSecurityContext()
        .addAllToVolumes(
            ours.getVolumes().stream()
                .filter(v -> data == null || !References.isClaim(v, claim))
                .map(v -> v.edit().withName(OURS + v.getName()).build())
                .toList())
        .build();
  }

  /** The runner's pod as all our Jobs have it. */
  private static PodSpec ours(InstanceModel model, boolean sqlite) {
    List<EnvVar> env = sqlite ? List.of() : ServerAccess.environment(model);
    PodSpec pod =
        JobTemplate.pod(
            JobTemplate.runner(
                model.operatorImage(),
                List.of(
                    "schema-revision",
                    "--to",
                    SchemaJob.url(model, sqlite),
                    "--result",
                    "/dev/termination-log"),
                env),
            model);
    return sqlite
        ? JobTemplate.withData(pod, model.names().dataClaim())
        : ServerAccess.withCertificates(pod, model);
  }

  /** The runner beside the application's container: as its own user, with volumes of its own. */
  private static Container container(PodSpec ours, @Nullable String data) {
    Container runner = ours.getContainers().getFirst();
    SecurityContext user =
        runner
            .getSecurityContext()
            .edit()
            .withRunAsUser(ours.getSecurityContext().getRunAsUser())
            .withRunAsGroup(ours.getSecurityContext().getRunAsGroup())
            .build();
    return new ContainerBuilder(runner)
        .withSecurityContext(user)
        .withVolumeMounts(runner.getVolumeMounts().stream().map(m -> mount(m, data)).toList())
        .build();
  }

  private static VolumeMount mount(VolumeMount mount, @Nullable String data) {
    boolean theirs = data != null && mount.getMountPath().equals(JobTemplate.DATA_DIRECTORY);
    return mount.edit().withName(theirs ? data : OURS + mount.getName()).build();
  }

  /** Where the file is missing nothing may be made in its place, copy or not. */
  private static Container before(Container runner, boolean copy, InstanceModel model) {
    ContainerBuilder before = runner.edit().withName(BEFORE);
    if (copy) {
      before.addAllToArgs(SchemaJob.copyTo(model)).addToEnv(SchemaJob.ownUid());
    }
    return before.build();
  }

  /** When the command has done its work, the oldest of its copies may go. */
  private static Container after(Container runner, boolean copied, InstanceModel model) {
    return copied
        ? runner
            .edit()
            .addToArgs("--prune-copies", SchemaJob.copy(model))
            .addToEnv(SchemaJob.ownUid())
            .build()
        : runner;
  }

  private static List<LocalObjectReference> pullSecrets(PodSpec theirs, PodSpec ours) {
    return Stream.concat(theirs.getImagePullSecrets().stream(), ours.getImagePullSecrets().stream())
        .distinct()
        .toList();
  }
}
