package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.operator.model.BucketSecrets;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * How a Job reaches a bucket. Its keys are files, and in no argument and no variable; a Secret that
 * is renewed meanwhile is taken.
 */
final class BucketAccess {
  private static final String KEYS = "/bucket-keys";
  private static final String CA = "/bucket-ca";
  private static final int READ_BY_GROUP = 0440;

  private BucketAccess() {}

  /**
   * Where sets are kept, and how that is reached.
   *
   * @param option the command's word for it
   */
  static List<String> arguments(String option, S3TargetSpec s3) {
    List<String> args =
        new ArrayList<>(List.of(option, "s3://" + s3.bucket(), "--credentials-dir", KEYS));
    if (s3.endpoint() != null) {
      args.addAll(List.of("--endpoint", s3.endpoint()));
    }
    if (s3.region() != null) {
      args.addAll(List.of("--region", s3.region()));
    }
    if (s3.pathStyle() != null) {
      args.addAll(List.of("--path-style", s3.pathStyle().toString()));
    }
    if (s3.caSecretRef() != null) {
      args.addAll(List.of("--ca-file", CA + "/ca.crt"));
    }
    return args;
  }

  /** The pod with the Secrets, and of each of them only what is named. */
  static PodSpec mounted(PodSpec pod, S3TargetSpec s3) {
    List<KeyToPath> items = new ArrayList<>();
    BucketSecrets.keys(s3.credentialsSecretRef())
        .forEach((file, key) -> items.add(item(key, file)));
    PodSpec keyed = secret(pod, "bucket-keys", s3.credentialsSecretRef().name(), items, KEYS);
    return s3.caSecretRef() == null
        ? keyed
        : secret(
            keyed,
            "bucket-ca",
            s3.caSecretRef().name(),
            List.of(item(BucketSecrets.caKey(s3.caSecretRef()), "ca.crt")),
            CA);
  }

  private static KeyToPath item(String key, String file) {
    return new KeyToPathBuilder().withKey(key).withPath(file).build();
  }

  private static PodSpec secret(
      PodSpec pod, String name, String secret, List<KeyToPath> items, String directory) {
    return pod.edit()
        .editFirstContainer()
        .addNewVolumeMount()
        .withName(name)
        .withMountPath(directory)
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .addToVolumes(
            new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(READ_BY_GROUP)
                .withItems(items)
                .endSecret()
                .build())
        .build();
  }
}
