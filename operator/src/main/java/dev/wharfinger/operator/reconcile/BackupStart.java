package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.operator.dependent.BackupClaim;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.BackupJob;
import dev.wharfinger.operator.job.References;
import dev.wharfinger.operator.job.SetAddress;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.BackupModel;
import dev.wharfinger.operator.model.BucketSecrets;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Volume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Objects;

/**
 * Begins a backup: first it is decided and written down where the set goes, then come the claim,
 * the Job, and the note that there was one. Whoever dies in between finds the Job by its name, or
 * makes it again by what is written; the set is the same one.
 */
final class BackupStart {
  private final KubernetesClient client;
  private final BackupHands hands;

  BackupStart(KubernetesClient client, BackupHands hands) {
    this.client = client;
    this.hands = hands;
  }

  /**
   * What was begun.
   *
   * @param backup with the note
   * @param job as it was asked for
   */
  record Begun(StorageBackup backup, Job job) {}

  Begun run(StorageBackup backup, BackupScene scene) {
    InstanceModel model = Objects.requireNonNull(scene.model());
    BackupModel options = Objects.requireNonNull(scene.options());
    S3TargetSpec bucket = options.target().s3();
    if (bucket != null) {
      BucketSecrets.require(
          bucket,
          "backup.target.s3",
          name -> client.secrets().inNamespace(model.namespace()).withName(name).get());
    }
    BackupDecision before = BackupDecision.of(backup);
    BackupDecision decision =
        before != null
            ? before
            : new BackupDecision(
                backup.getMetadata().getUid(),
                SetAddress.of(backup, model.instance(), scene.active()),
                options.target());
    StorageBackup decided =
        before != null
            ? backup
            : hands.decide(backup, decision, Labels.of(model.instance(), BackupJob.COMPONENT));
    String claim = options.claim();
    if (claim != null && options.volume() != null) {
      makeClaim(model, claim, options.volume());
    }
    Job desired =
        BackupJob.desired(
            decided,
            model,
            options,
            decision,
            whereabouts(model, options, decision.set().backend()));
    hands.job(desired, decided);
    return new Begun(hands.made(decided), desired);
  }

  private void makeClaim(InstanceModel model, String claim, Volume volume) {
    if (client.persistentVolumeClaims().inNamespace(model.namespace()).withName(claim).get()
        == null) {
      hands.claim(BackupClaim.desired(model, claim, volume), model.name());
    }
  }

  private BackupJob.Whereabouts whereabouts(
      InstanceModel model, BackupModel options, Backend backend) {
    if (backend != Backend.SQLITE && options.extraPaths().isEmpty()) {
      return new BackupJob.Whereabouts(null, false);
    }
    List<Pod> pods = client.pods().inNamespace(model.namespace()).list().getItems();
    if (backend != Backend.SQLITE) {
      return new BackupJob.Whereabouts(VolumeNode.of(pods, options.filesClaim()), false);
    }
    boolean used =
        pods.stream()
            .filter(PodsInTheWay::live)
            .anyMatch(p -> References.mountsClaim(p.getSpec(), model.names().dataClaim()));
    return new BackupJob.Whereabouts(VolumeNode.of(pods, model.names()), !used);
  }
}
