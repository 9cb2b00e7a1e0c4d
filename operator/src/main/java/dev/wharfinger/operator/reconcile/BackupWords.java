package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus.Warning;
import dev.wharfinger.operator.backup.BackupReport;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.BucketSecrets;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.status.Scrubbed;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the pods of a backup's Job have said, without the password of its server and the keys of its
 * bucket.
 */
final class BackupWords {
  private final List<Pod> pods;
  private final List<String> secrets;

  private BackupWords(List<Pod> pods, List<String> secrets) {
    this.pods = pods;
    this.secrets = secrets;
  }

  /** Looks at them; the youngest comes first. */
  static BackupWords of(KubernetesClient client, StorageBackup backup, Job job) {
    String namespace = backup.getMetadata().getNamespace();
    List<Pod> pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
            .list()
            .getItems()
            .stream()
            .filter(pod -> LastWords.ownedBy(pod, job))
            .sorted(
                Comparator.comparing((Pod p) -> p.getMetadata().getCreationTimestamp()).reversed())
            .toList();
    Secret credentials =
        client
            .secrets()
            .inNamespace(namespace)
            .withName(new Names(backup.getSpec().instanceRef().name()).role())
            .get();
    BackupDecision decision = BackupDecision.on(job, backup);
    S3TargetSpec bucket = decision == null ? null : decision.target().s3();
    Stream<String> keys =
        bucket == null
            ? Stream.empty()
            : BucketSecrets.values(
                bucket, name -> client.secrets().inNamespace(namespace).withName(name).get())
                .stream();
    return new BackupWords(
        pods,
        Stream.concat(Stream.ofNullable(SecretText.of(credentials, "password")), keys).toList());
  }

  /** Whether a pod of a Job of this name, which may be gone, can still be at work. */
  static boolean stillAtWork(KubernetesClient client, String namespace, String job) {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .filter(PodsInTheWay::live)
        .map(PodsInTheWay::controller)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .anyMatch((OwnerReference o) -> "Job".equals(o.getKind()) && job.equals(o.getName()));
  }

  /** What the runner has reported, or null. */
  @Nullable BackupReport report() {
    return pods.stream()
        .flatMap(LastWords::of)
        .map(BackupReport::parse)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .findFirst()
        .map(this::scrubbed)
        .orElse(null);
  }

  /** The end of what the youngest pod has said instead, or why it ended; empty where unknown. */
  String others() {
    return pods.stream()
        .findFirst()
        .map(pod -> {
          String said =
              PodDiagnosis.said(pod)
                  .map(PodDiagnosis::withoutData)
                  .map(PodDiagnosis::tail)
                  .orElse("");
          String reason = PodDiagnosis.endedBy(pod);
          return Scrubbed.of((reason + " " + said).strip(), secrets);
        })
        .orElse("");
  }

  /** What keeps the youngest pod from starting, or null. */
  @Nullable String obstacle() {
    return pods.isEmpty() ? null : PodDiagnosis.obstacle(pods.getFirst());
  }

  boolean none() {
    return pods.isEmpty();
  }

  private BackupReport scrubbed(BackupReport report) {
    return new BackupReport(
        report.outcome(),
        report.reason(),
        Scrubbed.of(report.message(), secrets),
        report.set(),
        report.warnings().stream()
            .map(w -> new Warning(w.code(), Scrubbed.of(w.detail(), secrets)))
            .toList());
  }
}
