package dev.wharfinger.operator.job;

import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.RestoreSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Fills the volume or the server of a new instance from a backup set. They are its own until the
 * application is told of it; of the sets it reads only.
 */
public final class RestoreJob {
  public static final String COMPONENT = "restore";

  private static final String SETS = "/backups";
  private static final String VOLUME = "backups";
  private static final String IDENTITY = "/identity";
  private static final String IDENTITY_FILE = "key";
  private static final String FILES = "/files";
  private static final int TRIES = 4;

  private RestoreJob() {}

  /** The Job that fills the SQLite volume. */
  public static Job ofFiles(
      InstanceModel model, RestoreSource source, PersistentVolumeClaim claim) {
    List<String> args = new ArrayList<>(List.of("--directory", JobTemplate.DATA_DIRECTORY));
    // What the set has not would be made empty, and looked as if it were restored.
    model.sqlite().made().forEach(file -> args.addAll(List.of("--expect", file)));
    return job(
        model,
        source,
        claim,
        args,
        List.of(),
        pod -> JobTemplate.withData(pod, model.names().dataClaim()));
  }

  /**
   * The Job that fills the empty database of the operator's own server, as the application's role.
   */
  public static Job ofServer(
      InstanceModel model, RestoreSource source, PersistentVolumeClaim claim) {
    return job(
        model,
        source,
        claim,
        ofServer(model, source.files()),
        ServerAccess.environment(model),
        pod -> withFiles(ServerAccess.withCertificates(pod, model), source.files()));
  }

  private static List<String> ofServer(InstanceModel model, @Nullable String files) {
    List<String> args = new ArrayList<>(List.of("--to", ServerAccess.urlOfRole(model)));
    // The roles of another server are not those of this one.
    args.add("--no-owner");
    if (files != null) {
      args.addAll(List.of("--files", FILES));
    }
    return args;
  }

  private static PodSpec withFiles(PodSpec pod, @Nullable String claim) {
    return claim == null ? pod : JobTemplate.withClaim(pod, "files", claim, FILES);
  }

  private static Job job(
      InstanceModel model,
      RestoreSource source,
      PersistentVolumeClaim claim,
      List<String> target,
      List<EnvVar> environment,
      UnaryOperator<PodSpec> mounts) {
    List<String> args = set(source);
    args.addAll(target);
    // A volume that is used again for another claim has what was written since.
    args.addAll(List.of("--once", claim.getMetadata().getUid()));
    args.addAll(identity(source));
    args.addAll(List.of("--result", "/dev/termination-log"));
    PodSpec pod =
        JobTemplate.pod(JobTemplate.runner(model.operatorImage(), args, environment), model);
    return JobTemplate.job(
        // For this very claim; asked for otherwise, as with a private key, it is another Job.
        model
            .names()
            .restoreJob(
                String.join(
                    "\n",
                    claim.getMetadata().getUid(),
                    source.json(),
                    String.join("\n", args),
                    Long.toString(model.sqlite().uid()),
                    Long.toString(model.sqlite().gid()))),
        model.instance(),
        COMPONENT,
        Owner.of(model.instance()),
        Map.of(),
        mounts.apply(withIdentity(withSets(pod, source), source)),
        TRIES);
  }

  /** The command and the set, to which more can be added. */
  static List<String> set(RestoreSource source) {
    List<String> args = new ArrayList<>(List.of("restore"));
    args.addAll(
        source.s3() == null
            ? List.of("--from", "file://" + SETS)
            : BucketAccess.arguments("--from", source.s3()));
    args.addAll(List.of("--set", source.set()));
    if (!source.prefix().isEmpty()) {
      args.addAll(List.of("--prefix", source.prefix()));
    }
    return args;
  }

  /** What the set is opened with, if it is encrypted. */
  static List<String> identity(RestoreSource source) {
    return source.identity() == null
        ? List.of()
        : List.of("--identity-file", IDENTITY + "/" + IDENTITY_FILE);
  }

  static PodSpec withSets(PodSpec pod, RestoreSource source) {
    if (source.s3() != null) {
      return BucketAccess.mounted(pod, source.s3());
    }
    return pod.edit()
        .editFirstContainer()
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(SETS)
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .addToVolumes(
            new VolumeBuilder()
                .withName(VOLUME)
                .withNewPersistentVolumeClaim(Objects.requireNonNull(source.claim()), false)
                .build())
        .build();
  }

  static PodSpec withIdentity(PodSpec pod, RestoreSource source) {
    if (source.identity() == null) {
      return pod;
    }
    return pod.edit()
        .editFirstContainer()
        .addNewVolumeMount()
        .withName("identity")
        .withMountPath(IDENTITY)
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .addToVolumes(
            new VolumeBuilder()
                .withName("identity")
                .withNewSecret()
                .withSecretName(source.identity())
                .addNewItem()
                .withKey(Objects.requireNonNull(source.identityKey()))
                .withPath(IDENTITY_FILE)
                .endItem()
                .endSecret()
                .build())
        .build();
  }
}
