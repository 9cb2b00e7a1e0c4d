package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRuleBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every Job of ours has in common: Pod Security {@code restricted}, no service account token,
 * a writable {@code /tmp} and nothing else writable, an exit code 2 that is final.
 */
public final class JobTemplate {
  /** The runner refused: trying again cannot help. */
  public static final int REFUSED = 2;

  /** The container whose end is its Job's end, whatever others are injected beside it. */
  public static final String RUNNER = "runner";

  private static final String RUNNER_MAIN = "dev.wharfinger.runner.RunnerMain";
  private static final String DATA = "data";

  private JobTemplate() {}

  /** The claim's mount in our own pods. */
  public static final String DATA_DIRECTORY = "/data";

  /**
   * A Job that runs the runner.
   *
   * @param name deterministic name; a Job of that name is never changed once made
   * @param owner what the Job goes away with
   * @param backoffLimit how often a failed pod (other than refused) is tried again
   */
  public static Job job(
      String name,
      StorageInstance instance,
      String component,
      OwnerReference owner,
      Map<String, String> extraLabels,
      PodSpec pod,
      int backoffLimit) {
    Map<String, String> labels = new HashMap<>(Labels.of(instance, component));
    labels.putAll(extraLabels);
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(instance.getMetadata().getNamespace())
        .withLabels(labels)
        .withOwnerReferences(owner)
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(backoffLimit)
        .withPodFailurePolicy(finalExitCode(REFUSED, pod.getContainers().getFirst().getName()))
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .withSpec(pod)
        .endTemplate()
        .endSpec()
        .build();
  }

  /**
   * A policy by which a pod whose {@code container} ends with {@code code} fails its Job at once
   * and for good, with the reason {@code PodFailurePolicy}; a pod that was evicted does not count
   * as a try. The container is named because others may be injected, whose codes mean nothing here.
   */
  static PodFailurePolicy finalExitCode(int code, String container) {
    return new PodFailurePolicyBuilder()
        .addToRules(
            new PodFailurePolicyRuleBuilder()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName(container)
                .withOperator("In")
                .withValues(code)
                .endOnExitCodes()
                .build(),
            new PodFailurePolicyRuleBuilder()
                .withAction("Ignore")
                .addNewOnPodCondition("True", "DisruptionTarget")
                .build())
        .build();
  }

  /** A container that runs {@code RunnerMain} with {@code args} in the operator's own image. */
  public static Container runner(String image, List<String> args, List<EnvVar> env) {
    return new ContainerBuilder()
        .withName(RUNNER)
        .withImage(image)
        .withImagePullPolicy("IfNotPresent")
        .addToArgs(RUNNER_MAIN)
        .addAllToArgs(args)
        .withEnv(env)
        .withNewResources()
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("256Mi"))
        .addToLimits("memory", new Quantity("1Gi"))
        .endResources()
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addToVolumeMounts(mount("tmp", "/tmp"))
        .build();
  }

  /** A pod around {@code container} that runs as the application's user and has a {@code /tmp}. */
  public static PodSpec pod(Container container, InstanceModel model) {
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withImagePullSecrets(model.imagePullSecrets())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(model.sqlite().uid())
        .withRunAsGroup(model.sqlite().gid())
        .withFsGroup(model.sqlite().gid())
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(container)
        .addToVolumes(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build())
        .build();
  }

  /**
   * The pod with the instance's data volume mounted at {@link #DATA_DIRECTORY}, writable, as a
   * directory.
   */
  public static PodSpec withData(PodSpec pod, String claim) {
    return withClaim(pod, DATA, claim, DATA_DIRECTORY);
  }

  /** The same read-only, for whoever wants other files of it than databases. */
  static PodSpec readingData(PodSpec pod, String claim) {
    return withData(pod, claim)
        .edit()
        .editFirstContainer()
        .editMatchingVolumeMount(mount -> mount.getName().equals(DATA))
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .build();
  }

  /** The pod with a claim mounted, writable, as a directory. */
  static PodSpec withClaim(PodSpec pod, String name, String claim, String directory) {
    Container container =
        pod.getContainers().getFirst().edit().addToVolumeMounts(mount(name, directory)).build();
    Volume volume =
        new VolumeBuilder().withName(name).withNewPersistentVolumeClaim(claim, false).build();
    return pod.edit().withContainers(container).addToVolumes(volume).build();
  }

  /** The pod on one node, which lets it in as it lets in the application. */
  static PodSpec pinned(PodSpec pod, Place place) {
    return pod.edit()
        .withTolerations(place.tolerations())
        .withNewAffinity()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .withNodeSelectorTerms(
            new NodeSelectorTermBuilder()
                .withMatchFields(
                    new NodeSelectorRequirement("metadata.name", "In", List.of(place.node())))
                .build())
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .build();
  }

  /** Where {@link #withCa} puts the certificates. */
  static final String CA_FILE = "/ca/ca.crt";

  /**
   * The pod with what a server is verified by at {@link #CA_FILE}, and nothing else of its Secret.
   */
  static PodSpec withCa(PodSpec pod, String secret, String key) {
    return pod.edit()
        .editFirstContainer()
        .addNewVolumeMount()
        .withName("ca")
        .withMountPath("/ca")
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .addToVolumes(
            new VolumeBuilder()
                .withName("ca")
                .withNewSecret()
                .withSecretName(secret)
                .addNewItem()
                .withKey(key)
                .withPath("ca.crt")
                .endItem()
                .endSecret()
                .build())
        .build();
  }

  private static final String CLIENT = "client";
  private static final String CLIENT_DIRECTORY = "/client";

  /** Where {@link #withClient} puts the certificate that a server is shown. */
  static final String CLIENT_CERTIFICATE = CLIENT_DIRECTORY + "/tls.crt";

  /** Where it puts the certificate's key. */
  static final String CLIENT_KEY = CLIENT_DIRECTORY + "/tls.key";

  /**
   * What libpq and JDBC's driver take of a key that belongs to root, as the files of a Secret do:
   * the pod's group may read it, and nobody else.
   */
  private static final int KEY_MODE = 0440;

  /** The pod with a certificate and its key, and nothing else of their Secret. */
  static PodSpec withClient(PodSpec pod, String secret, String certificate, String key) {
    return pod.edit()
        .editFirstContainer()
        .addNewVolumeMount()
        .withName(CLIENT)
        .withMountPath(CLIENT_DIRECTORY)
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .addToVolumes(
            new VolumeBuilder()
                .withName(CLIENT)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(KEY_MODE)
                .addNewItem()
                .withKey(certificate)
                .withPath("tls.crt")
                .endItem()
                .addNewItem()
                .withKey(key)
                .withPath("tls.key")
                .endItem()
                .endSecret()
                .build())
        .build();
  }

  private static VolumeMount mount(String name, String path) {
    return new VolumeMountBuilder().withName(name).withMountPath(path).build();
  }
}
