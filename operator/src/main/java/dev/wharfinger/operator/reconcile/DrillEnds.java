package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.DrillJudgement;
import dev.wharfinger.operator.backup.DrillRecord;
import dev.wharfinger.operator.backup.DrillResult;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.DrillDecision;
import dev.wharfinger.operator.job.DrillReport;
import dev.wharfinger.operator.model.BackupModel;
import dev.wharfinger.operator.model.BucketSecrets;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a drill ended with, on the StorageBackup of its set. Its Job stays until the
 * next one is made, so whoever dies before that is written finds it again.
 */
final class DrillEnds {
  private final KubernetesClient client;
  private final StorageInstance instance;
  private final DrillHands hands;
  private final Instant now;

  DrillEnds(KubernetesClient client, StorageInstance instance, Instant now) {
    this.client = client;
    this.instance = instance;
    this.hands = new DrillHands(client);
    this.now = now;
  }

  /**
   * The end of a Job that has ended.
   *
   * @param cached StorageBackups as the cache has them
   * @return null where the cache tells it already, and where there is nobody to tell it of
   */
  @Nullable DrillRecord of(Job job, List<StorageBackup> cached) {
    DrillDecision decision = DrillDecision.on(job);
    if (decision == null || !DrillResult.believed(decision.began(), now)) {
      // Nobody knows any more what it has proven, or when: another one finds out.
      hands.delete(job);
      return null;
    }
    return anyTells(cached, decision) ? null : live(job, decision);
  }

  private @Nullable DrillRecord live(Job job, DrillDecision decision) {
    StorageBackup live =
        client
            .resources(StorageBackup.class)
            .inNamespace(instance.getMetadata().getNamespace())
            .withName(decision.backup())
            .get();
    if (live == null || !isOf(live, decision)) {
      // Its record is gone, and perhaps its set: it says nothing of those that are there.
      hands.delete(job);
      return null;
    }
    if (told(live, decision)) {
      return DrillRecord.of(live);
    }
    DrillResult ended = judged(job, decision, live);
    hands.ended(live, ended);
    return new DrillRecord(live.getMetadata().getName(), ended);
  }

  private boolean anyTells(List<StorageBackup> cached, DrillDecision decision) {
    return cached.stream().anyMatch(b -> isOf(b, decision) && told(b, decision));
  }

  private static boolean isOf(StorageBackup backup, DrillDecision decision) {
    return decision.of().equals(backup.getMetadata().getUid());
  }

  private boolean told(StorageBackup backup, DrillDecision decision) {
    DrillResult known = DrillResult.of(backup);
    return known != null && known.covers(decision.began(), now);
  }

  private DrillResult judged(Job job, DrillDecision decision, StorageBackup backup) {
    List<Pod> pods =
        client.pods().inNamespace(instance.getMetadata().getNamespace()).list().getItems();
    List<String> secrets = secrets(backup);
    DrillReport report =
        PodWords.youngestFirst(pods, job).stream()
            .flatMap(LastWords::of)
            .map(DrillReport::parse)
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .findFirst()
            .map(r ->
                new DrillReport(
                    r.outcome(),
                    r.reason(),
                    PodWords.scrubbed(r.message(), secrets),
                    r.seconds(),
                    r.dataAge()))
            .orElse(null);
    return DrillJudgement.of(job, decision, report, PodWords.others(pods, job, secrets));
  }

  /** The keys of the bucket, as they were named for the backup and as they are named now. */
  private List<String> secrets(StorageBackup backup) {
    BackupDecision decision = BackupDecision.of(backup);
    BackupModel options = BackupModel.of(instance);
    return Stream.<@Nullable S3TargetSpec>of(
            decision == null ? null : decision.target().s3(),
            options == null ? null : options.target().s3())
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .flatMap(s3 -> BucketSecrets.values(s3, this::secret).stream())
        .distinct()
        .toList();
  }

  private @Nullable Secret secret(String name) {
    return client.secrets().inNamespace(instance.getMetadata().getNamespace()).withName(name).get();
  }
}
