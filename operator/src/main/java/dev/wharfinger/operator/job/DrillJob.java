package dev.wharfinger.operator.job;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Owner;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Restores a set for a try, on a volume that goes away with its pod. It mounts nothing of the
 * application, and of the sets the instance's own folder alone, to be read only: whatever goes
 * wrong here, nothing is lost by it.
 */
public final class DrillJob {
  public static final String COMPONENT = "drill";

  private static final String SETS = "/backups";
  private static final String VOLUME = "backups";
  private static final String SCRATCH = "/scratch";
  private static final String IDENTITY = "/identity";
  private static final String IDENTITY_FILE = "key";
  private static final int TRIES = 1;

  private DrillJob() {}

  /**
   * The Job.
   *
   * @param name the same for whoever makes it
   * @param place where the application has its volume: most claims can be mounted by one node only,
   *     and a backup that begins meanwhile is made there
   */
  public static Job desired(
      String name,
      InstanceModel model,
      DrillSource source,
      DrillDecision decision,
      @Nullable Place place) {
    PodSpec pod =
        withIdentity(
            withSets(
                withScratch(
                    JobTemplate.pod(
                        JobTemplate.runner(model.operatorImage(), arguments(source), List.of()),
                        model),
                    source),
                source),
            source);
    return JobTemplate.job(
            name,
            model.instance(),
            COMPONENT,
            Owner.of(model.instance()),
            Map.of(Labels.BACKUP_SET, source.set()),
            source.s3() == null && place != null ? JobTemplate.pinned(pod, place) : pod,
            TRIES)
        .edit()
        .editMetadata()
        .addToAnnotations(Annotations.DRILL_DECISION, decision.json())
        .endMetadata()
        .editSpec()
        .withActiveDeadlineSeconds(source.timeout().toSeconds())
        .endSpec()
        .build();
  }

  private static List<String> arguments(DrillSource source) {
    List<String> args = new ArrayList<>(List.of("drill"));
    if (source.s3() == null) {
      // All that is mounted there is the folder that has the set.
      args.addAll(List.of("--from", "file://" + SETS));
    } else {
      args.addAll(BucketAccess.arguments("--from", source.s3()));
      args.addAll(List.of("--prefix", source.prefix()));
    }
    args.addAll(List.of("--set", source.set(), "--scratch", SCRATCH));
    if (source.identity() != null) {
      args.addAll(List.of("--identity-file", IDENTITY + "/" + IDENTITY_FILE));
    }
    args.addAll(List.of("--result", "/dev/termination-log"));
    return args;
  }

  /** What needs more than it was given is evicted; what a node has not is not begun there. */
  private static PodSpec withScratch(PodSpec pod, DrillSource source) {
    return pod.edit()
        .editFirstContainer()
        .editResources()
        .addToRequests("ephemeral-storage", source.room())
        .endResources()
        .addNewVolumeMount()
        .withName("scratch")
        .withMountPath(SCRATCH)
        .endVolumeMount()
        .endContainer()
        .addToVolumes(
            new VolumeBuilder()
                .withName("scratch")
                .withNewEmptyDir()
                .withSizeLimit(source.room())
                .endEmptyDir()
                .build())
        .build();
  }

  private static PodSpec withSets(PodSpec pod, DrillSource source) {
    if (source.s3() != null) {
      return BucketAccess.mounted(pod, source.s3());
    }
    return pod.edit()
        .editFirstContainer()
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(SETS)
        .withSubPath(source.prefix())
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

  private static PodSpec withIdentity(PodSpec pod, DrillSource source) {
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
                .withKey(source.identityKey())
                .withPath(IDENTITY_FILE)
                .endItem()
                .endSecret()
                .build())
        .build();
  }
}
