package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.backup.BackupHistory;
import dev.wharfinger.operator.backup.BackupRecord;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.backup.DrillChoice;
import dev.wharfinger.operator.backup.DrillPolicy;
import dev.wharfinger.operator.backup.DrillRecord;
import dev.wharfinger.operator.backup.DrillTurn;
import dev.wharfinger.operator.job.DrillDecision;
import dev.wharfinger.operator.job.DrillJob;
import dev.wharfinger.operator.job.DrillSource;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One look at the drills of an instance: what has ended is written down, and what is due is begun,
 * where nothing else is at work. Jobs are named after what asks for them, so whoever dies in
 * between finds the same one.
 */
final class DrillPass {
  /** Neither Secrets of people nor their claims bring an event. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private static final Duration SOON = Duration.ofSeconds(15);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final StorageInstance instance;
  private final DrillPolicy policy;
  private final Instant now;
  private final List<StorageBackup> backups;
  private final List<Job> jobs;
  private final List<Pod> pods;
  private final DrillHands hands;

  DrillPass(
      KubernetesClient client,
      OperatorConfig config,
      StorageInstance instance,
      Observed observed,
      DrillPolicy policy,
      Instant now) {
    this.client = client;
    this.config = config;
    this.instance = instance;
    this.policy = policy;
    this.now = now;
    this.backups = observed.backups().stream().filter(b -> Labels.isOurs(b, instance)).toList();
    this.jobs =
        observed.jobs().stream()
            .filter(
                j -> DrillJob.COMPONENT.equals(j.getMetadata().getLabels().get(Labels.COMPONENT)))
            .toList();
    this.pods = observed.pods();
    this.hands = new DrillHands(client);
  }

  /**
   * How a look ended.
   *
   * @param last the last drill; null where there was none
   * @param drilling what is known of one that is due or under way; null where none is
   * @param impossible why the newest set cannot be tried; null where it can, or none is due
   * @param wake when to look again; null where no moment matters
   */
  record Outcome(
      @Nullable DrillRecord last,
      @Nullable String drilling,
      @Nullable String impossible,
      @Nullable Instant wake) {}

  Outcome run() {
    DrillRecord last = DrillRecord.last(backups, now);
    DrillEnds ends = new DrillEnds(client, instance, now);
    for (Job job : jobs) {
      if (JobOutcome.of(job).ended() && job.getMetadata().getDeletionTimestamp() == null) {
        last = DrillRecord.later(last, ends.of(job, backups));
      }
    }
    StorageBackup newest = newest(backups);
    DrillChoice choice = newest == null ? null : DrillChoice.of(instance, policy, newest);
    String impossible = choice == null ? null : choice.impossible();
    Job atWork = jobs.stream().filter(j -> !JobOutcome.of(j).ended()).findFirst().orElse(null);
    if (atWork != null) {
      return new Outcome(last, words(atWork, true), impossible, null);
    }
    DrillTurn turn =
        DrillTurn.of(policy, created(), word(), last == null ? null : last.ended(), now);
    String ask = turn.ask();
    if (ask == null || impossible != null) {
      return new Outcome(last, null, impossible, turn.wake());
    }
    return newest == null
        ? new Outcome(last, "waits for a good backup", null, turn.wake())
        : begin(last, ask);
  }

  private Outcome begin(@Nullable DrillRecord last, String ask) {
    DrillObstacle obstacle = new DrillObstacle(client, instance);
    String passing = obstacle.passing();
    if (passing != null) {
      return new Outcome(last, passing, null, now.plus(SOON));
    }
    // After that: a cache may not know the backup yet that was waited for.
    StorageBackup newest = newest(live());
    if (newest == null) {
      return new Outcome(last, "waits for a good backup", null, now.plus(SOON));
    }
    DrillChoice choice = DrillChoice.of(instance, policy, newest);
    DrillSource source = choice.source();
    String lasting = source == null ? choice.impossible() : obstacle.lasting(source);
    if (source == null || lasting != null) {
      return new Outcome(last, null, lasting, now.plus(LOOK_AGAIN));
    }
    Job desired = desired(ask, newest, source);
    String refused = hands.make(desired, instance);
    if (refused != null) {
      return new Outcome(last, refused, null, now.plus(SOON));
    }
    jobs.stream()
        .filter(j -> !j.getMetadata().getName().equals(desired.getMetadata().getName()))
        .forEach(hands::delete);
    return new Outcome(last, words(desired, false), null, now.plus(SOON));
  }

  private Job desired(String ask, StorageBackup backup, DrillSource source) {
    InstanceModel model = InstanceModel.of(instance, config);
    BackupResult ended = BackupResult.of(backup);
    return DrillJob.desired(
        model.names().drillJob(instance.getMetadata().getUid() + "\n" + ask),
        model,
        source,
        new DrillDecision(
            backup.getMetadata().getName(),
            backup.getMetadata().getUid(),
            now.toString(),
            word(),
            ended == null ? null : ended.facts().consistentAt()),
        source.claim() == null ? null : place(model));
  }

  private @Nullable Place place(InstanceModel model) {
    return VolumeNode.of(
        client.pods().inNamespace(model.namespace()).list().getItems(), model.names());
  }

  private String words(Job job, boolean there) {
    String obstacle = there ? obstacle(job) : null;
    return "Job "
        + job.getMetadata().getName()
        + " restores a set for a try"
        + (obstacle == null ? "" : ": " + obstacle);
  }

  private @Nullable String obstacle(Job job) {
    List<Pod> own = PodWords.youngestFirst(pods, job);
    return own.isEmpty()
        ? MissingPod.of(client, job, StepResult.DONE).words()
        : PodDiagnosis.obstacle(own.getFirst());
  }

  private List<StorageBackup> live() {
    return client
        .resources(StorageBackup.class)
        .inNamespace(instance.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(b -> Labels.isOurs(b, instance))
        .toList();
  }

  private static @Nullable StorageBackup newest(List<StorageBackup> among) {
    BackupRecord newest =
        new BackupHistory(among.stream().map(BackupRecord::of).toList()).lastSuccessful();
    String name = newest == null ? "" : newest.name();
    return among.stream()
        .filter(b -> name.equals(b.getMetadata().getName()))
        .findFirst()
        .orElse(null);
  }

  /** Hash of the text by which a person asks for one; null where there is none. */
  private @Nullable String word() {
    String text = Annotations.get(instance, Annotations.DRILL);
    return text == null || text.isBlank() ? null : Names.hash(text);
  }

  private Instant created() {
    String created = instance.getMetadata().getCreationTimestamp();
    return created == null ? now : Instant.parse(created);
  }
}
