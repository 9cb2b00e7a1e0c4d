package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.backup.BackupJudgement;
import dev.wharfinger.operator.backup.BackupRecord;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.backup.BackupState;
import dev.wharfinger.operator.backup.Facts;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.SetAddress;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a backup that has not ended. Its Job is found by name, so whoever was interrupted
 * goes on where it was; a set is found by name too, so that a Job which is made again makes no
 * other set.
 */
final class BackupPass {
  /** A Job may be cleaned up by anybody; one that always is must not be made for ever. */
  private static final int MOST_JOBS = 3;

  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration LATER = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final BackupHands hands;

  BackupPass(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.config = config;
    this.hands = new BackupHands(client);
  }

  /**
   * How a pass ended.
   *
   * @param backup as the pass left it
   * @param state what it found; null where it could not tell
   * @param facts what is known beside
   * @param after when to look again; null after the end
   */
  record Outcome(
      StorageBackup backup,
      @Nullable BackupState state,
      StorageBackupStatus facts,
      @Nullable Duration after) {}

  Outcome run(StorageBackup backup) {
    StorageInstance instance =
        get(backup, StorageInstance.class, backup.getSpec().instanceRef().name());
    if (instance != null
        && instance.getSpec() != null
        && Boolean.TRUE.equals(instance.getSpec().paused())) {
      return new Outcome(backup, null, Facts.of(backup, null), LATER);
    }
    Job job = get(backup, Job.class, SetAddress.jobName(backup));
    if (job != null && !BackupHands.belongs(job, backup)) {
      throw BackupHands.conflict(job);
    }
    return job == null ? withoutJob(backup, instance) : follow(backup, job);
  }

  private Outcome follow(StorageBackup found, Job job) {
    StorageBackup backup = noted(found, job);
    BackupWords words = BackupWords.of(client, backup, job);
    if (!JobOutcome.of(job).ended()) {
      return running(backup, job, words);
    }
    String others = words.others();
    BackupResult result =
        BackupJudgement.of(
            backup, job, words.report(), others.isEmpty() ? obstacleBefore(backup) : others);
    if (result != null) {
      return end(backup, result);
    }
    // It ended well, and its pod is gone with what it has said: another Job asks the target.
    hands.delete(job);
    return new Outcome(
        backup,
        BackupState.working("BackingUp", "the set is there, and the target is asked what is in it"),
        Facts.of(backup, job),
        SOON);
  }

  /** Whoever made the Job may have died before he could note it. */
  private StorageBackup noted(StorageBackup found, Job job) {
    BackupDecision onJob = BackupDecision.on(job, found);
    StorageBackup backup =
        BackupDecision.of(found) == null && onJob != null
            ? hands.decide(found, onJob, job.getMetadata().getLabels())
            : found;
    return Annotations.number(backup, Annotations.BACKUP_JOBS) > 0 ? backup : hands.made(backup);
  }

  /**
   * What was told to keep the pod from starting: a Job whose time is up deletes the pod before it
   * says so, and only the status still knows. For people; nothing is decided by it.
   */
  private static String obstacleBefore(StorageBackup backup) {
    Condition told =
        Conditions.find(
            backup.getStatus() == null ? null : backup.getStatus().conditions(), Conditions.READY);
    if (told == null) {
      return "";
    }
    String mark = SetAddress.id(backup) + ": ";
    int at = told.getMessage().indexOf(mark);
    return at < 0 ? "" : told.getMessage().substring(at + mark.length());
  }

  private Outcome running(StorageBackup backup, Job job, BackupWords words) {
    String obstacle = words.none() ? withoutPod(backup, job) : words.obstacle();
    return new Outcome(
        backup,
        BackupState.working(
            "BackingUp",
            "Job "
                + job.getMetadata().getName()
                + " makes the set "
                + SetAddress.id(backup)
                + (obstacle == null ? "" : ": " + obstacle)),
        Facts.of(backup, job),
        LATER);
  }

  /** Between two pods, and before the end, what was known of the last one stays said. */
  private @Nullable String withoutPod(StorageBackup backup, Job job) {
    String words = MissingPod.of(client, job, StepResult.DONE).words();
    String before = obstacleBefore(backup);
    return words == null && !before.isEmpty() ? before : words;
  }

  private Outcome withoutJob(StorageBackup backup, @Nullable StorageInstance instance) {
    BackupDecision decision = BackupDecision.of(backup);
    if (decision != null) {
      return again(backup, decision, instance);
    }
    if (BackupDecision.spoiled(backup)) {
      return end(
          backup,
          BackupJudgement.lost(
              backup, "the annotation " + Annotations.BACKUP_DECISION + " is spoiled"));
    }
    if (BackupRecord.of(backup).slot() != null && gone(backup, instance)) {
      // What a person asks for may wait for an instance of that name; a slot is of this one only.
      return end(backup, BackupJudgement.notBegun(backup));
    }
    BackupScene scene = BackupScene.look(client, config, backup, null, instance);
    BackupState obstacle = scene.scene().obstacle();
    return obstacle == null
        ? begin(backup, scene)
        : new Outcome(backup, obstacle, Facts.of(backup, null), LATER);
  }

  /** It was decided where the set goes, and there is no Job, whether one is gone or none was. */
  private Outcome again(
      StorageBackup backup, BackupDecision decision, @Nullable StorageInstance instance) {
    if (BackupWords.stillAtWork(
        client, backup.getMetadata().getNamespace(), SetAddress.jobName(backup))) {
      return new Outcome(
          backup,
          BackupState.working("BackingUp", "waiting for the pod of a deleted Job to go"),
          Facts.of(backup, null),
          LATER);
    }
    BackupScene scene = BackupScene.look(client, config, backup, decision, instance);
    String lost = lost(backup, instance, scene);
    if (lost != null) {
      return end(backup, BackupJudgement.lost(backup, lost));
    }
    BackupState obstacle = scene.scene().obstacle();
    if (obstacle != null) {
      return new Outcome(backup, obstacle.begun(), Facts.of(backup, null), LATER);
    }
    // Asked only now: during a move it is not yet said where the data will be.
    return instance != null
            && decision.set().equals(SetAddress.of(backup, instance, scene.active()))
        ? begin(backup, scene)
        : end(
            backup,
            BackupJudgement.lost(
                backup, "the data is on " + scene.active().backend() + " since another move"));
  }

  /** Whether the very instance that it was made for is no more, or will be no more. */
  private static boolean gone(StorageBackup backup, @Nullable StorageInstance instance) {
    return instance == null
        || instance.getMetadata().getDeletionTimestamp() != null
        || !Labels.isOurs(backup, instance);
  }

  /** Why no other Job may be made for the set; null where one may. */
  private static @Nullable String lost(
      StorageBackup backup, @Nullable StorageInstance instance, BackupScene scene) {
    int made = Annotations.number(backup, Annotations.BACKUP_JOBS);
    if (made >= MOST_JOBS) {
      return "that happened " + MOST_JOBS + " times";
    }
    if (gone(backup, instance)) {
      // Whoever deletes it waits for this end.
      return "its StorageInstance is gone too, or going";
    }
    if (scene.options() == null) {
      return "backup.target is gone from its StorageInstance";
    }
    return made > 0 && scene.scene().target().gone()
        ? "the claim of its set is gone, or going"
        : null;
  }

  private Outcome begin(StorageBackup backup, BackupScene scene) {
    BackupStart.Begun begun = new BackupStart(client, hands).run(backup, scene);
    return new Outcome(
        begun.backup(),
        BackupState.working(
            "BackingUp",
            "Job "
                + begun.job().getMetadata().getName()
                + " makes the set "
                + SetAddress.id(backup)),
        Facts.of(begun.backup(), begun.job()),
        LATER);
  }

  private Outcome end(StorageBackup backup, BackupResult result) {
    return new Outcome(hands.ended(backup, result), result.state(), result.facts(), null);
  }

  private <T extends HasMetadata> @Nullable T get(
      StorageBackup backup, Class<T> type, String name) {
    return client
        .resources(type)
        .inNamespace(backup.getMetadata().getNamespace())
        .withName(name)
        .get();
  }
}
